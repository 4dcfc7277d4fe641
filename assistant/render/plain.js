// What the plain pages do better with a script; without one they lack nothing but comfort.
document.querySelectorAll("[data-copy]").forEach((copying) => {
  if (!navigator.clipboard) return;
  copying.hidden = false;
  copying.addEventListener("click", () => {
    const text = copying.dataset.copy || location.origin + location.pathname;
    navigator.clipboard.writeText(text).then(() => {
      copying.setAttribute("aria-live", "polite");
      copying.textContent = "✓ " + copying.textContent.replace("✓ ", "");
    });
  });
});
const printing = document.querySelector("[data-print]");
if (printing) {
  printing.hidden = false;
  printing.addEventListener("click", () => window.print());
}

// What is sent for longer than a moment says so, and is sent once.
document.querySelectorAll("form .sending").forEach((told) => {
  const form = told.closest("form");
  const sent = (now) => {
    told.textContent = now ? told.dataset.told : "";
    form.querySelector("button").disabled = now;
  };
  form.addEventListener("submit", () => sent(true));
  addEventListener("pageshow", () => sent(false)); // led back to, it can be sent again
});

// The newest months are seen first where there is no room for all.
document.querySelectorAll(".histogram").forEach((all) => { all.scrollLeft = all.scrollWidth; });

// An article opens at the words that are cited.
const atMark = (within) => {
  const mark = within.querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
};
const alone = document.querySelector(".whole.alone");
const printed = document.querySelector("main > .as-printed a[href*='mark=']");
if (alone && !location.hash && !printed) atMark(alone);
// One of a list is fetched when it is opened.
const fetchWords = async (fold) => {
  const from = fold.dataset.from;
  if (!from) return;
  delete fold.dataset.from;
  const told = await fetch(from);
  if (told.ok) fold.querySelector("summary").insertAdjacentHTML("afterend", await told.text());
};
document.addEventListener("toggle", (event) => {
  const fold = event.target;
  if (!fold.matches || !fold.matches("details.whole") || !fold.open) return;
  fetchWords(fold).catch(() => {}).then(() => atMark(fold));
}, true);

// Moments are told in the zone of the browser, which is named; without a script they are UTC's.
const moments = () => document.querySelectorAll("time[data-moment]").forEach((moment) => {
  delete moment.dataset.moment;
  const at = new Date(moment.dateTime);
  const day = { day: "numeric", month: "long", year: "numeric" };
  const time = { hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short" };
  const tongue = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  if (!Number.isNaN(at.valueOf())) {
    moment.textContent = at.toLocaleString(tongue, { ...day, ...time });
  }
});
moments();
new MutationObserver(moments).observe(document.body, { subtree: true, childList: true });

// Both ways between a marker and its words, with the focus where the reader looks.
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a.marker, a.back");
  const there = link && document.getElementById(link.hash.slice(1));
  if (!there) return;
  event.preventDefault();
  there.scrollIntoView({ block: "center" });
  there.focus({ preventScroll: true });
  history.replaceState(null, "", link.hash);
});
