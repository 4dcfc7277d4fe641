"""What stands around readers' comments: headings, names, times, buttons."""

import re
from typing import Literal, NamedTuple

from ingest.clean.comments.handles import is_name, unnumbered
from ingest.language import lexicon

MarkKind = Literal["header", "prompt", "stamp", "says", "reply_to", "control", "badge", "rule"]

LONGEST_MARK = 100
"""Furniture is short: lines above this many characters are somebody's words."""


REPLY_BUTTON = 3.0
"""What a button or count that only comments have speaks for them."""


class CommentMark(NamedTuple):
    """What a line of furniture is, how much it speaks for comments, and whom it names."""

    kind: MarkKind
    weight: float
    name: str | None = None


_CALENDARS = tuple(map(lexicon.calendar, lexicon.languages()))
_MONTH = rf"(?:{lexicon.any_of({form for known in _CALENDARS for form in known.months})})\b\.?"
_WEEKDAY = rf"(?:{lexicon.any_of({form for known in _CALENDARS for form in known.weekdays})})\b\.?"
"""Every language's, shortened or not: a number stands beside them here."""

_SMALL = lexicon.any_of(
    word for n in range(1, 11) for word in lexicon.section("en", "numbers")[str(n)].split()
)
_NEAR_DAY = lexicon.any_of(lexicon.words("dates.today") | lexicon.words("dates.yesterday"))
_NUMBER = r"\(?\[?\d[\d., ]*[km]?\]?\)?"
_NOUN = (
    r"(?:comments?|comentarios?|comentários|commentaires|kommentare|commenti|komentarze"
    r"|коментар(?:і|ів|я|ий)?|комментари(?:и|ев|й|я))"
)
_HEADER = re.compile(
    rf"(?:{_NUMBER}\s*)?(?:(?:all|top|latest|recent|best|reader(?:s?['’]s?|s)?|user|public)\s+)*"
    rf"{_NOUN}(?:\s*[:\-–]?\s*{_NUMBER})?(?:\s+(?:so far|below|section|from readers))?\s*:?"
    r"|(?:join|start) the (?:conversation|discussion|debate)|have your say|the conversation"
    rf"|(?:{_NUMBER}|{_SMALL})\s+(?:thoughts?|responses?|replies|comments?)"
    r"(?:\s+(?:on|to)\s+.*)?"
    rf"|discussion\s*{_NUMBER}|what readers (?:say|are saying)|reader(?:s['’])? (?:reactions?"
    rf"|feedback)",
)
_PROMPT = re.compile(
    r"(?:please )?(?:log|sign)[ -]?(?:in|up)\b.{0,30}\b(?:to|and) (?:leave|post|add|comment|reply"
    r"|join|vote|"
    r"like|view).{0,30}|(?:register|subscribe) to (?:comment|reply|join).{0,30}"
    r"|(?:leave|post|write|add) (?:a|your) (?:public )?(?:comment|reply|thoughts?)\W*"
    r"|add a comment.{0,3}|be the first to (?:comment|reply)\W*|no comments(?: yet)?\W*"
    r"|comments (?:are|have been|for this \w+ are)\b.{0,40}(?:closed|moderated|off|disabled)\W*"
    r"|(?:view|show|load|see|read|hide)(?: all| more| \d+| previous| older| newer)*"
    r" (?:comments?|repl(?:y|ies)|responses)(?: \(?\d+\)?)?\W*"
    r"|(?:load|show|see) more\W*|sort(?:ed)? by\b.{0,30}|newest(?: first)?|oldest(?: first)?"
    r"|most liked"
    r"|(?:your )?email address will not be published.{0,60}|post comment|submit comment"
    r"|(?:inicia sesión|regístrate|deja|escribe|añade|añadir|cargar|ver|mostrar)\b.{0,40}"
    r"(?:comentar\w*|comentarios?|respuestas?|más)\W*"
    r"|(?:увійдіть|увійти|залишити|залиште|додати|показати|завантажити|зареєструйтесь)\b.{0,40}"
    r"(?:комент\w*|відповід\w*|ще|більше)\W*"
    r"|(?:войдите|оставить|оставьте|добавить|показать|загрузить)\b.{0,40}"
    r"(?:коммент\w*|ответ\w*|ещё|еще)\W*"
    r"|(?:best|worst|top|highest) rated|most recent|what are your thoughts\?"
    r"|the comments below .{0,60}moderated\W*"
    r"|(?:powered by |facebook )?(?:disqus|comments plugin)"
    r"|.{0,60}\b(?:community (?:guidelines|standards|rules)|comment(?:s|ing)? policy"
    r"|house rules)\b.{0,60}"
    r"|(?:what do you think|що думаєте|¿qué opinas|was denken sie)\s*\?",
)
_AGO = (
    r"(?:(?:about|over|almost|edited|posted|commented)\s+)*"
    rf"(?:\d+|an?|{_SMALL}|a few|several)\s*"
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?"
    r"|y|yrs?|years?)\.?(?:\s*,?\s*\d+\s*(?:m|mins?|minutes?|hours?))?\s+ago"
    r"|just now|hace\s+(?:\d+|una?|unos|unas)\s+\w+|há\s+(?:\d+|uma?)\s+\w+|il y a\s+(?:\d+"
    r"|une?)\s+\w+"
    r"|vor\s+(?:\d+|eine[mnr])\s+\w+|(?:\d+|година|годину|день|тиждень|хвилину)\s*\w*\.?\s+(?:тому"
    r"|назад)"
    r"|\d+\s+\w+\s+(?:fa|temu|geleden)"
)
_DAY = (
    rf"(?:{_WEEKDAY},?\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:de\s+)?{_MONTH}(?:,?\s+(?:de\s+)?\d{{4}})?(?:\s*р\.)?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d))"
)
_CLOCK = r"\d{1,2}[:.]\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?\b)?(?:\s*(?:UTC|GMT|EST|EDT|ET|BST|CET)\b)?"
_SHORT_AGE = r"(?<!\S)\d{1,2}\s?(?:s|m|h|d|w|mo|y|yr|min|hr|год|хв|дн)\.?(?!\S)"
_TIME = re.compile(
    rf"\b(?:(?:on|at|el|в|о|от)\s+)?(?:{_AGO}|{_DAY}(?:(?:,|\s+at|\s+a las|\s+о|\s+в|T|\s*[-–—"
    rf"|•·])?\s*{_CLOCK})?"
    rf"|{_CLOCK},?\s+(?:on\s+)?{_DAY}"
    rf"|(?:{_NEAR_DAY})(?:,?\s+(?:at\s+|о\s+|в\s+|a las\s+)?{_CLOCK})"
    rf"|{_SHORT_AGE})(?:\s*\(edited\)|\s+edited)?"
)
_MOMENT = re.compile(rf"{_AGO}|{_SHORT_AGE}|{_CLOCK}|\(edited\)")
_MAYBE_TIME = re.compile(r"\d|\b(?:now|ago|hace|há|тому|назад|vor)\b|il y a")
_BY = re.compile(
    r"^(?:(?:comment(?:ed)?|posted|written|reply|submitted|por|by|from|von|від|автор|author"
    r"|published|"
    r"updated|enviado|publicado|escrito|опубліковано|написав|написала)\b:?\s*)+(?:by\b|por\b)?\s*",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:#?\d+[.):]?\s+)?(.{1,40}?)\s+(?:says?|said|wrote|writes|commented|replied|responds?"
    r"|posted|asks"
    r"|dice|dijo|escribió|comentó|пише|написав|написала|каже|пишет|написал|schreibt|sagt|a écrit"
    r"|dit)"
    r"(?:\s+(?:on|at|to)\s+.{3,40})?\s*(?::|\.\.\.|…)",
    re.IGNORECASE,
)
_REPLY_TO = re.compile(
    r"(?:(.{1,30}?)\s+)?(?:in (?:reply|response) to|replying to|replied to|reply to|responding to"
    r"|en respuesta a|respondiendo a|у відповідь(?: на| до)?|в ответ(?: на)?|als antwort auf"
    r"|en réponse à|↪|➜|➤|→)\s*:?\s*(.{1,40}?)?\s*:?",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"repl|respon|відповід|ответ|antwort|répon|[↪➜➤→]")
_PICTURES = re.compile(r"avatar|pi?c|photo")
_POSTED_BY = re.compile(r"(?:posted|comment(?:ed)?|written) by:?\s+(.{1,40})", re.IGNORECASE)
_SPEAKS_OF_COMMENTS = re.compile(
    r"comm?ent|repl|respon|thought|think|said\.\.\.|says\.\.\.|opin|комм?ент|відповід|ответ|думає"
)
_AVATAR = re.compile(
    r"(?:avatar|profile (?:picture|photo|image)|user (?:picture|photo|avatar)|photo)"
    r"\s+(?:for|of)\s+(.{1,40})|(.{1,40}?)['’]s (?:avatar|profile (?:picture|photo|image))"
    r"|avatar(?:\s+de\s+(.{1,40}))?|user avatar|profile picture",
    re.IGNORECASE,
)
_REPLY_WORD = re.compile(
    r"\b(?:repl(?:y|ies)\d*|permalink|this comment|upvotes?|downvotes?|responder|respuestas?"
    r"|відповісти|відповід\w+"
    r"|ответить|ответов|antworten|répondre|rispondi|odpowiedz|gefällt mir|me gusta|подобається)\b",
)
_CONTROL = re.compile(
    r"(?:\b(?:(?:complain about|report|flag|link to|quote) this (?:comment|post)"
    r"|repl(?:y|ies)\d*|likes?|liked|dislikes?|upvotes?|downvotes?|votes?|up|down|points?|share"
    r"|report(?: (?:as )?(?:abuse|comment|post|spam))?|flag(?: as inappropriate)?|permalink|link"
    r"|edit|edited|quote"
    r"|recommend(?:ed|s)?|hide|collapse|expand|follow|translate|copy|delete|thumbs|agree|disagree"
    r"|love|haha|helpful|shares?|next|prev|parent|root|award|respect|respond|block|mute"
    r"|click to rate|responder|respuestas?|me gusta|compartir|denunciar|reportar|citar|votos?"
    r"|відповісти|відповід\w+|подобається|поскаржитис[ья]|поскаржитися|поділитися|скарга"
    r"|ответить|ответов|ответа?|нравится|пожаловаться|поделиться|antworten|gefällt mir|melden"
    r"|teilen"
    r"|répondre|j['’]aime|signaler|partager|rispondi|mi piace|segnala|curtir|odpowiedz|lubię to"
    r"|and|or|this|view|show|more|less|see|people|person|\d+(?:[.,]\d+)?[km]?)\b"
    r"|[^\w\s])(?:\s+|(?=\W)|(?<=\W)|$)",
)
_BADGE = re.compile(
    r"(?:top (?:commenter|contributor|fan)|verified(?: (?:user|reader|subscriber))?"
    r"|(?:premium )?subscriber"
    r"|(?:paying |premium )?member(?: since .{3,20})?|moderator|community (?:member|contributor)"
    r"|pinned(?: comment)?|(?:editor['’]?s?['’]? |staff |times )picks?|featured comment"
    r"|new (?:user|member)"
    r"|comment (?:number|no\.?|#) ?\d+\W*|(?:works|worked|studied|lives|lived) (?:at|in) .{2,40}"
    r"|registered user|level \d+|op|author|joined .{3,20}|\d+ (?:posts|followers)|rank: .{1,20})",
)
_RULE = re.compile(r"(?:[-–—_=*~#•·]\s*){3,}")
_VOTES = re.compile(r"[+\-−–▲▼△▽👍👎❤♥⬆⬇↑↓\d\s|/.,()·•]*", re.UNICODE)
_ARROWS = re.compile(r"[▲▼△▽👍👎❤♥⬆⬇↑↓]")
_NOBODY = frozenset(
    "guest anonymous anon anónimo invitado анонім гість аноним гость gast anonym".split()
)
_NUMBER_ALONE = re.compile(r"#\d{1,4}|\d{1,4}[.)]")
_PIECES = re.compile(r"\s+[·•|]\s+")
_TIME_WORDS = frozenset(("", "edited", "last edited", "on", "at", "last", "date")) | (
    lexicon.words("dates.today") | lexicon.words("dates.yesterday")
)
_EDGES = " \t,;:|/\\()[]<>•·∙●*~-–—#►▶»«>…"


def mark(line: str) -> CommentMark | None:
    """Return what furniture of a comment area `line` is, None if it may be somebody's words."""
    if len(line) > LONGEST_MARK:
        return None
    lower = line.lower()
    if not any(map(str.isalpha, line)):
        return _wordless(line)
    if _is_sentence(line) and not _SPEAKS_OF_COMMENTS.search(lower):
        return None
    return _worded(lower) or _naming(line, lower) or _stamp(line, lower)


def _is_sentence(line: str) -> bool:
    return line[-1] in '.!?”"' and len(line) > 30 and not line.endswith(("m.", "р.", "год."))


def _wordless(line: str) -> CommentMark | None:
    if _RULE.fullmatch(line):
        return CommentMark("rule", 0.3)
    if _NUMBER_ALONE.fullmatch(line):
        return CommentMark("badge", 1.0)
    if _VOTES.fullmatch(line):
        return CommentMark("control", 1.0 if _ARROWS.search(line) else 0.5)
    return _stamp(line, line)


def _worded(lower: str) -> CommentMark | None:
    if _HEADER.fullmatch(lower):
        return CommentMark("header", 4.0)
    if _PROMPT.fullmatch(lower):
        return CommentMark("prompt", 2.0)
    if _BADGE.fullmatch(lower):
        return CommentMark("badge", 1.5)
    if _is_control(lower):
        return CommentMark("control", REPLY_BUTTON if _REPLY_WORD.search(lower) else 0.8)
    return None


def _naming(line: str, lower: str) -> CommentMark | None:
    """Recognise "jane says:", "In reply to jane", "Avatar for jane", "jane · Top commenter"."""
    if line[-1] in ":.…" and (name := _who_says(line, lower)):
        return CommentMark("says", 2.5, name)
    if _ANSWERS.search(lower) and (found := _REPLY_TO.fullmatch(line)):
        return CommentMark("reply_to", 2.5, found[1])
    if _PICTURES.search(lower) and (found := _AVATAR.fullmatch(line)):
        return CommentMark("badge", 2.0, next(filter(None, found.groups()), None))
    if lower in _NOBODY:
        return CommentMark("badge", 2.0, line)
    first, *others = _PIECES.split(line)
    if others and is_name(first) and any(_BADGE.fullmatch(piece.lower()) for piece in others):
        return CommentMark("badge", 2.0, first)
    found = _POSTED_BY.fullmatch(line)
    return CommentMark("says", 2.5, found[1]) if found and is_name(found[1]) else None


def _who_says(line: str, lower: str) -> str | None:
    """Return who "says:", with or without a time on the same line."""
    time = _TIME.search(lower) if _MAYBE_TIME.search(lower) and len(line) == len(lower) else None
    if time:
        line = line[: time.start()].rstrip() + " " + line[time.end() :].lstrip(" ,")
    found = _SAYS.fullmatch(line.strip())
    name = found[1].strip(_EDGES) if found else ""
    return name if is_name(name) else None


def _is_control(line: str) -> bool:
    at = 0
    while at < len(line):
        found = _CONTROL.match(line, at)
        if not found:
            return False
        at = found.end()
    return True


def _stamp(line: str, lower: str) -> CommentMark | None:
    """Recognise a time with, at most, a name, a badge and controls around it.

    A day alone may head a chronicle or a fixture list, so that it speaks for little.
    """
    if line[0] in "—•>" or line.count(" ") > 14 or not _MAYBE_TIME.search(lower):
        return None
    found = _TIME.search(lower)
    if not found or len(lower) != len(line):
        return None
    firm = bool(_MOMENT.search(found[0]))
    before = line[: found.start()].strip(_EDGES)
    after = line[found.end() :].strip(_EDGES)
    if after and not (_is_control(after.lower()) or _BADGE.fullmatch(after.lower())):
        return None
    buttons = _REPLY_WORD.search(f"{before} {after}".lower())
    if before and _is_control(before.lower()):
        return CommentMark("control", REPLY_BUTTON if buttons else 2.0)
    posted = _BY.match(before)
    before = _BY.sub("", unnumbered(before)).strip(_EDGES)
    if before.lower() in _TIME_WORDS or _BADGE.fullmatch(before.lower()):
        return CommentMark("stamp", 2.5 if firm or buttons else 0.6)
    if reply := _REPLY_TO.fullmatch(before):
        before = reply[1] or ""
    name = _signature(before)
    return CommentMark("stamp", 3.0 if firm or posted else 1.5, name) if name else None


def _signature(words: str) -> str | None:
    """Return the name in "Jane Roe", "Jane Roe, Tarvik, Norrland" or "jane · Top commenter"."""
    first, *others = _PIECES.split(words)
    if not others:
        first, *others = words.split(", ")
    short = len(others) <= 3 and all(len(piece) <= 30 for piece in others)
    return first if short and is_name(first) else None
