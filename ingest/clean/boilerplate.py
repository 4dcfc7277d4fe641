"""Lines of a news page that are not its article's prose: adverts, forms, credits, corrections."""

import re
from typing import cast

from ingest.article import PartKind

_LONGEST = 400
_WHOLE = re.compile(
    r"advertis(?:e|ement|ing)s?(?: feature| - continue reading below)?|story continues below.{0,30}"
    r"|(?:article|story) continues (?:after|below).{0,30}|continue reading(?: the main story)?"
    r"|(?:read|see|show|watch|learn|find out|view) (?:more|next|also|full (?:story|article))"
    r"(?: (?:here|about .{1,60}|on .{1,60}|from .{1,60}))?\W*"
    r"|(?:share|print|save|e-?mail|tweet|bookmark|copy link|facebook|twitter|whatsapp|linkedin"
    r"|reddit"
    r"|telegram|pinterest|messenger|x|gift|listen|link copied|[•|·,/\s])+"
    r"(?:(?:this|the) (?:article|story|page|post))?(?: (?:on|via|with|to) .{2,40})?\W*"
    r"|share (?:this|on|via|with)\b.{0,60}|follow (?:us|me)\b.{0,80}|(?:back to|go to) (?:top"
    r"|home\w*)"
    r"|skip (?:to|past) .{2,40}|image (?:source|caption)|play video|loading\W*|close|menu|search"
    r"|(?:related|more|(?:read|see|watch) more|see also|also (?:read|on)|watch|opinion)\s*:"
    r".{3,150}(?<!\.)|do(?:n['’]t| not) miss\W{0,3}"
    r"|related (?:articles?|stories|topics|content|links|coverage|reading)?:?"
    r"|more (?:[\w ]{1,25} )?(?:stories|news|on this story)"
    r"|most (?:read|popular|viewed|shared)|trending(?: now)?|recommended(?: for you| stories)?"
    r"|you (?:may|might) also (?:like|be interested in).{0,10}|read next|up next|editor['’]s picks"
    r"|(?:did you )?(?:like|enjoy(?:ed)?) this (?:story|article|post)\?.{0,60}"
    r"|tell us what you think\W*|filed under\W.{1,80}|sources?: (?:news )?agenc(?:y|ies)"
    r"|follow [\w .’'-]{2,40} on (?:twitter|x|facebook|instagram|telegram)\b.{0,100}"
    r"|sponsored(?: content)?|promoted(?: content| stories)?|paid content|privacy policy"
    r"|terms of (?:use|service)"
    r"|publicidad|leer más|lee también:?.{0,150}|compartir|реклама|читайте також:?.{0,150}"
    r"|читайте также:?.{0,150}|поділитися|подписывайтесь .{0,80}|підписуйтес[ья] .{0,80}"
    r"|suscríbete.{0,80}",
    re.IGNORECASE,
)
_TEASERS = re.compile(
    r"(?:related|more|most|trending|recommended|read next|up next|you (?:may|might) also"
    r"|editor['’]s picks|do(?:n['’]t| not) miss"
    r"|sponsored|promoted|lee también|читайте також|читайте также)\b[^.]{0,40}",
    re.IGNORECASE,
)
_FORM = (
    r"(?:\(?(?:additional )?reporting by [^\W\d_].{3,250}\b(?:editing|writing|reporting) by\b"
    r"|have a (?:news )?tip\?|got a (?:news )?tip\?|click here (?:to|for)\b"
    r"|sign[ -]?up (?:here |now )?(?:for|to (?:receive|get)|today|here)"
    r"|subscribe (?:to|now|today|here|for)\b|get (?:our|the|more) .{0,60}(?:newsletter"
    r"|in your inbox)"
    r"|(?:want|would you like) .{0,60}(?:newsletter|inbox)\b|enter your e-?mail"
    r"|(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:\d{4}|by\b|the\b|[\w .&-]{2,40} \d{4}\b)"
    r"|all rights reserved"
    r"|this material may not be published|by (?:signing up|subscribing|clicking)\b.{0,40}you "
    r"|download (?:our|the) .{0,40}\bapp\b|this site is protected by recaptcha"
    r"|you(?:['’]ve| have) (?:reached|used|read) .{0,40}\b(?:free|complimentary)\b"
    r"|(?:subscribe|sign in|log in|register|create an? (?:free )?account)\b.{0,80}"
    r"\b(?:continue|keep|finish) reading|to (?:continue|keep|finish) reading\b.{0,60}"
    r"\b(?:subscribe|sign in|log in|register)\b"
    r"|this (?:article|content|story) is (?:only |exclusively |reserved )*"
    r"(?:for|available (?:only )?to) (?:our )?(?:\w+ )?(?:subscribers|members)\b"
    r"|(?:get|enjoy|unlock|start) (?:your )?(?:unlimited|full|all)(?: digital)? access\b"
    r"|our standards\s*:\s*the thomson reuters"
    r"|we use cookies|already a subscriber|thank you for (?:signing up|subscribing|registering)"
    r"|sorry, there was (?:a problem|an error)|an error (?:has )?occurred|please (?:try again"
    r"|enter a valid)"
    r"|your (?:email )?address (?:will|is) |(?:the )?(?:email|newsletter) (?:will|was) )"
)
_ENDS = ("all rights reserved", "sign up here", "sign up now", "subscribe here", "subscribe now")
_AGENCIES = (
    "images",
    "reuters",
    "afp",
    "ap",
    "ap photo",
    "press",
    "epa",
    "shutterstock",
    "alamy",
    "istock",
)
_CAPTION = (
    r"\(?(?:photo(?:graph)?s?|pictures?|images?|video|caption|graphic|illustration|foto|imagen"
    r"|фото)"
    r"(?:\s+(?:by|credit|courtesy(?: of)?)\b|\s*(?:credit|source)?\s*[:©/])"
    r"|(?:file|handout)\s*(?:photo|picture|image)?\s*[:\-–—]\s"
)
_CORRECTION = (
    r"(?:correct(?:ion|ed|ions)|clarification|clarified|correcci[oó]n|fe de erratas"
    r"|aclaración|уточнення|виправлення|исправление|уточнение)\b[^.:—–-]{0,60}[:—–-]"
    r"|(?:an? )?(?:earlier|previous|prior) versions? of this\b"
    r"|this (?:article|story|report|post|piece) (?:has been|was) "
    r"(?:corrected|amended|clarified|updated to correct)"
    r"|editor['’]s note\b[^.:—–-]{0,30}[:—–-]"
    r"(?=.*\b(?:correct|earlier version|previous version|misstat|incorrect|amend|error))"
    r"|una versión anterior de este\b|у попередній версії\b"
)
_OPENING = re.compile(
    f"(?P<boilerplate>{_FORM})|(?P<caption>{_CAPTION})|(?P<correction>{_CORRECTION})", re.IGNORECASE
)
_CREDIT = re.compile(
    r"(?:[/|(]|\b(?:photo|image|credit|via)\b:?|\b(?:photo(?:graph)?|image|picture)s?\b.{0,40}\b(?:by|for))\s*"
    r"(?:[\w .’'-]{2,40}[/|])?"
    r"(?:getty(?: images)?|reuters|afp|ap(?: photo)?|associated press|epa|shutterstock|alamy"
    r"|istock\w*)"
    r"(?:[/|][\w .]{2,30})?\)?\.?$",
    re.IGNORECASE,
)


_PROMPT = re.compile(
    r"\b(?:sign[ -]?up (?:for|to)\b.{0,80}\bnewsletters?\b|follow (?:him|her|them|us|me|the author)"
    r" on (?:twitter|x|facebook|instagram|linkedin|bluesky)\b|click here (?:for|to)\b[^.]{0,40}\.?$"
    r"|in your inbox\W*$|(?:send|e-?mail) us your\b)",
    re.IGNORECASE,
)


_CREDITS = re.compile(
    r"(?<=[.!?”\"’)])\s+\(?(?:additional )?(?:reporting|writing) by [^\W\d_][^.!?]{2,250}"
    r"\b(?:editing|writing|reporting) by [^\W\d_][^.!?]{2,120}\)?\.?\s*$",
    re.IGNORECASE,
)
_LONGEST_CREDITS = 500


def credits_in(paragraph: str) -> int | None:
    """Return where a paragraph of prose ends in who reported and edited it for an agency."""
    start = max(0, len(paragraph) - _LONGEST_CREDITS)
    found = _CREDITS.search(paragraph, start)
    return found.start() + len(found[0]) - len(found[0].lstrip()) if found else None


def opens_teasers(line: str) -> bool:
    """Tell whether a line heads a list of other articles ("Most read")."""
    return bool(_TEASERS.fullmatch(line)) and line_kind(line) == "boilerplate"


def line_kind(line: str) -> PartKind:
    """Return `boilerplate`, `caption` or `correction` where a line is one by its wording.

    What is none of them is `body`.
    """
    found = _OPENING.match(line)
    if found and (found.lastgroup == "correction" or len(line) <= _LONGEST):
        return cast(PartKind, found.lastgroup)
    if len(line) > _LONGEST:
        return "body"
    end = line[-24:].lower().rstrip(" .!:)")
    if end.endswith(_ENDS) or _PROMPT.search(line) or (len(line) <= 160 and _WHOLE.fullmatch(line)):
        return "boilerplate"
    return "caption" if end.endswith(_AGENCIES) and _CREDIT.search(line) else "body"
