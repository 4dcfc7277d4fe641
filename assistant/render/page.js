// A marker in an answer opens the card it points at, also while another tab is in front.
document.addEventListener("click", (event) => {
  const marker = event.target.closest && event.target.closest("a.marker");
  if (!marker) return;
  event.preventDefault();
  const tab = document.querySelector('#panel button[role="tab"]');
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  setTimeout(() => {
    const card = document.getElementById(marker.hash.slice(1));
    if (!card) return;
    const earlier = card.closest("details.earlier");
    if (earlier) earlier.open = true;
    document.querySelectorAll(".source.shown").forEach((other) => other.classList.remove("shown"));
    card.classList.add("shown");
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    card.focus({ preventScroll: true });
  }, 60);
});
// The newest question stays at the top of the chat while its answer grows below it, until the
// reader scrolls.
let questions = 0;
let held = false;
const hold = () => {
  const log = document.querySelector("#chat [role='log']");
  const asked = document.querySelectorAll("#chat .user-row");
  if (asked.length !== questions) {
    questions = asked.length;
    held = true;
  }
  if (!held || !log || !questions) return;
  const top = asked[questions - 1].getBoundingClientRect().top;
  log.scrollTop += top - log.getBoundingClientRect().top;
};
["wheel", "touchmove", "pointerdown", "keydown"].forEach((moved) => {
  document.addEventListener(moved, (event) => {
    if (event.target.closest && event.target.closest("#chat")) held = false;
  }, { passive: true });
});

// The chat names each message by its source, markup and all; its words are read out anyway.
const unname = () => {
  document.querySelectorAll("#chat [aria-label*='message: <']").forEach(
    (message) => message.removeAttribute("aria-label"));
};

new MutationObserver(() => {
  unname();
  hold();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-label"] });

// A box for a day keeps what is no day to itself: hand on what was typed, so that it is told.
window.asAsked = (asked) => {
  const [question, talk, mode, ...rest] = asked;
  document.querySelectorAll("#filters input.time").forEach((box, at) => {
    // The server would reckon with a word that has "now" in it.
    rest[at] = box.value.replace(/now/g, "n\u200bow") || null;
  });
  return [question, talk, mode, ...rest];
};
