// A marker in an answer opens the card it points at, also while another tab is in front; the number
// of a cited passage leads back to the sentence that cites it.
const lookAt = (there) => {
  document.querySelectorAll(".shown").forEach((other) => other.classList.remove("shown"));
  there.classList.add("shown");
  there.scrollIntoView({ behavior: "smooth", block: "nearest" });
  there.focus({ preventScroll: true });
};
const unfold = (there) => {
  const fold = there.parentElement && there.parentElement.closest("details");
  if (!fold) return;
  fold.open = true;
  unfold(fold);
};
const toSource = (marker) => {
  const tab = document.querySelector('#panel button[role="tab"]');
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  setTimeout(() => {
    const passage = document.getElementById(marker.hash.slice(1));
    if (!passage) return;
    unfold(passage);
    lookAt(passage);
  }, 60);
};
const toSentence = (back) => {
  const name = back.closest(".passage").id;
  const marker = document.querySelector(`#chat a.marker[href="#${CSS.escape(name)}"]`);
  if (!marker) return;
  unfold(marker);
  lookAt(marker);
};

// What a chat cannot: copy one answer as Markdown, put a question back into the box, ask it again.
const copyAnswer = async (link) => {
  if (!navigator.clipboard) {
    location.assign(link.href); // without https a browser lets nobody copy: it is a file then
    return;
  }
  const text = await (await fetch(link.href)).text();
  await navigator.clipboard.writeText(text);
  link.textContent = link.textContent.replace(/^(✓ )?/, "✓ ");
};
const editQuestion = (link) => {
  const box = document.querySelector("#question textarea");
  box.value = new URL(link.href).searchParams.get("q");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
};
const askAgain = (link) => {
  editQuestion(link);
  // The box hands on what stands in it a moment later.
  setTimeout(() => {
    const button = document.querySelector("#question .submit-button");
    if (button) button.click();
  }, 50);
};
const DOES = {
  "a.marker": toSource,
  ".passage a.back": toSentence,
  "#chat a.copy": copyAnswer,
  "#chat a.edit": editQuestion,
  "#chat a.again": askAgain,
};
document.addEventListener("click", (event) => {
  if (!event.target.closest || event.ctrlKey || event.metaKey || event.shiftKey) return;
  for (const [where, does] of Object.entries(DOES)) {
    const link = event.target.closest(where);
    if (link) {
      event.preventDefault();
      does(link);
      return;
    }
  }
});

// An article opens at the words that are cited.
document.addEventListener("toggle", (event) => {
  const whole = event.target;
  if (!whole.matches || !whole.matches("details.whole") || !whole.open) return;
  const mark = whole.querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
}, true);

// The address is that of the conversation that is shown: to reload, to keep, to go back to. While
// a reader goes back, what is still shown must not take the address from where they go.
let leaving = false;
const addressed = () => {
  const list = document.querySelector(".talk-list");
  if (!list || leaving) return;
  if (list.dataset.narrow === undefined) {
    list.dataset.narrow = "";
    if (innerWidth < 1100) list.open = false;
  }
  const talk = list.dataset.talk;
  const now = new URLSearchParams(location.search).get("t") || "";
  // Another's conversation, perhaps a shared one: it has a page of its own, or that says why not.
  if (list.dataset.lost !== undefined && now && !talk) {
    leaving = true;
    location.replace(`/talks/shared/${encodeURIComponent(now)}`);
    return;
  }
  if (list.dataset.begun === undefined && !talk && now) return;
  if (talk) list.dataset.begun = "";
  if (talk && talk !== now) history.pushState(null, "", `/?t=${talk}`);
};
addEventListener("popstate", () => {
  leaving = true;
  location.reload();
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
    const panel = document.querySelector("#panel");
    if (panel) panel.scrollTop = 0; // the newest answer's sources come first
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

// The page is laid out in English, and speaks its reader's language a moment later.
document.documentElement.classList.toggle("foreign", !navigator.language.startsWith("en"));
setTimeout(() => document.documentElement.classList.remove("foreign"), 8000);

// What the chat's framework leaves unnamed, names by markup, or nests: a message is named by its
// source although its words are read out anyway; a fold has a second button within itself.
const mend = () => {
  document.querySelectorAll("#chat [aria-label*='message: <']").forEach(
    (message) => message.removeAttribute("aria-label"));
  document.querySelectorAll("#chat [role=button] button:not([inert])").forEach(
    (button) => { button.inert = true; });
  document.querySelectorAll("#chat .examples[role=list]").forEach(
    (examples) => examples.removeAttribute("role"));
  const told = document.querySelector(".masthead[data-tongue]");
  if (!told) return;
  document.documentElement.lang = told.dataset.tongue;
  document.querySelectorAll("button.calendar").forEach((button) => {
    if (button.ariaLabel !== told.dataset.day) button.ariaLabel = told.dataset.day;
  });
};

new MutationObserver(() => {
  mend();
  hold();
  addressed();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-label"] });

// A session that is over while the page stands open: sign in, and be back where one was, with the
// question that was not taken.
const ask = window.fetch;
window.fetch = async (...request) => {
  const reply = await ask(...request);
  if (reply.status === 401) {
    const box = document.querySelector("#question textarea");
    const words = box && box.value.trim();
    const back = words ? `/?q=${encodeURIComponent(words)}` : location.pathname + location.search;
    location.assign(`/sign-in?to=${encodeURIComponent(back)}`);
  }
  return reply;
};

// A box for a day keeps what is no day to itself: hand on what was typed, so that it is told.
window.asAsked = (asked) => {
  const [question, talk, where, mode, ...rest] = asked;
  document.querySelectorAll("#filters input.time").forEach((box, at) => {
    // The server would reckon with a word that has "now" in it.
    rest[at] = box.value.replace(/now/g, "n\u200bow") || null;
  });
  // Another server may answer than the one that showed the page: it is told which talk this is.
  rest[rest.length - 1] = new URLSearchParams(location.search).get("t") || "";
  return [question, talk, where, mode, ...rest];
};
