// A printed page opens where it is named, at its marked words, and folds up again. Without a script
// its link leads to a page of its own.
const unfoldPage = async (link) => {
  const place = link.closest(".as-printed");
  const name = new URL(link.href).pathname;
  const here = place.parentElement.querySelector(`:scope > [data-page="${CSS.escape(name)}"]`);
  link.setAttribute("aria-expanded", here ? "false" : "true");
  if (here) {
    here.remove();
    return;
  }
  const told = await fetch(`${link.href}&within=1`);
  if (!told.ok) {
    location.assign(link.href);
    return;
  }
  const held = document.createElement("div");
  held.dataset.page = name;
  held.innerHTML = await told.text();
  place.after(held);
  toMarked(held);
};
const toMarked = (held) => {
  const sheet = held.querySelector(".sheet");
  const mark = sheet && sheet.querySelector(".mark");
  if (!mark) return;
  const words = mark.getBoundingClientRect();
  const seen = sheet.getBoundingClientRect();
  sheet.scrollTop += words.top - seen.top - sheet.clientHeight / 3;
  sheet.scrollLeft += words.left - seen.left - 40;
};
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a.printed");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  unfoldPage(link).catch(() => location.assign(link.href));
});
// On an article's own page the first of them opens by itself, before the words of its text.
const first = document.querySelector("main > .as-printed a.printed[href*='mark=']");
if (first) unfoldPage(first).then(() => first.scrollIntoView({ block: "nearest" })).catch(() => {});
document.querySelectorAll("main > .facsimile").forEach((one) => toMarked(one.parentElement));
