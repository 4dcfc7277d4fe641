// What nobody has answered yet outlives a reload, the reader's own or the page's after a connection
// was lost: the words in the box, else a question whose answer has not come. In this tab alone.
{
  const KEPT = "morgue.unasked";
  const box = () => document.querySelector("#question textarea");
  const last = (where) => [...document.querySelectorAll(where)].at(-1);
  const unanswered = () => {
    const asked = last("#chat .user h2");
    const told = last("#chat .answer .searched, #chat .failure");
    const later = told && asked && asked.compareDocumentPosition(told);
    return asked && !(later & Node.DOCUMENT_POSITION_FOLLOWING) ? asked.textContent.trim() : "";
  };
  const put = (words) => {
    box().value = words;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };
  const [come] = performance.getEntriesByType("navigation");
  let words = (come && come.type === "reload" && sessionStorage.getItem(KEPT)) || "";
  addEventListener("pagehide", () => {
    sessionStorage.setItem(KEPT, (box() && box().value.trim()) || unanswered());
  });
  const watching = new MutationObserver(() => {
    if (!words || !box()) return;
    const asked = last("#chat .user h2");
    if (asked && asked.textContent.trim() === words) {
      if (box().value === words) put(""); // its answer came after all
      words = "";
    } else if (!box().value && box().dataset.kept === undefined) {
      box().dataset.kept = "";
      put(words);
    }
  });
  if (words) watching.observe(document, { subtree: true, childList: true });
  setTimeout(() => watching.disconnect(), 15000);
}
