// The mark in the masthead where something new came for what its reader watches; looked for again
// while the page stays open.
let newWatched = { new: 0, told: "" };
const markWatches = () => {
  document.querySelectorAll('.masthead a[href="/watches"]').forEach((link) => {
    let mark = link.querySelector(".fresh");
    if (!newWatched.new) {
      if (mark) mark.remove();
      return;
    }
    if (!mark) {
      mark = document.createElement("span");
      mark.className = "fresh";
      link.append(" ", mark);
    }
    if (mark.textContent !== newWatched.told) mark.textContent = newWatched.told;
  });
};
const lookForNew = async () => {
  if (document.hidden) return;
  try {
    const told = await fetch("/watches/new");
    if (told.ok) newWatched = await told.json();
  } catch {
    return; // the server is away for a moment: what was known stays
  }
  markWatches();
};
lookForNew();
document.addEventListener("visibilitychange", lookForNew);
setInterval(lookForNew, 120000);
setInterval(markWatches, 2000); // the chat's framework draws its masthead late, and again
