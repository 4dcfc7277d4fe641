"""An article, and invented threads of readers' comments under it, by layout."""

ARTICLE = """\
The town council of Brinmouth voted on Tuesday to close the north ferry, which has run since 1887.
“We could not pay for it any longer,” said Ada Corrin, who chairs the transport committee.
The ferry carries some 400 passengers a day, most of them pupils of the harbour school. A bus \
is to replace it from September, according to the council's plan.
The operator, Lindqvist Marine, said in a statement that it would offer its 31 employees \
other posts."""
PARAGRAPHS = ARTICLE.split("\n")

THREADS: dict[str, tuple[str, list[tuple[str | None, str]]]] = {
    "nothing but names, and whom they answer": (
        """\
KelpEater
Because they never meant to keep it.
Odd Sund
KelpEater
They kept it for a hundred years, so that is not true.
KelpEater
You know what I mean.
On top of that, nobody asked us.""",
        [
            ("KelpEater", "Because they never meant to keep it."),
            ("Odd Sund", "They kept it for a hundred years, so that is not true."),
            ("KelpEater", "You know what I mean.\nOn top of that, nobody asked us."),
        ],
    ),
    "name, age, words, buttons": (
        """\
Greta Malm
2 hours ago
I taught at the school for twenty years.
Reply · Like · 12
kelp_77
3 hours ago
Agreed
Reply · Like · 0""",
        [("Greta Malm", "I taught at the school for twenty years."), ("kelp_77", "Agreed")],
    ),
    "a heading and says": (
        """\
Comments (23)
user123 says:
Nobody on the council ever takes a boat.
Hilde Ruud says:
The tender closed in 2019.
Show more comments""",
        [
            ("user123", "Nobody on the council ever takes a boat."),
            ("Hilde Ruud", "The tender closed in 2019."),
        ],
    ),
    "posted by, above": (
        """\
Posted by Old Salt on 3 May 2021 at 10:14
A ferry that loses two million a year is a hobby.
Posted by kelp_77 on 3 May 2021 at 11:02
Then so is the road.""",
        [
            ("Old Salt", "A ferry that loses two million a year is a hobby."),
            ("kelp_77", "Then so is the road."),
        ],
    ),
    "posted by, below": (
        """\
I wonder who owns the quay now.
Posted by: Jan Malm | May 3, 2021 at 10:14 AM
The harbour board does, since 1950.
Posted by: Hilde | May 3, 2021 at 11:14 AM""",
        [
            ("Jan Malm", "I wonder who owns the quay now."),
            ("Hilde", "The harbour board does, since 1950."),
        ],
    ),
    "name and age on one line": (
        """\
2 Comments
Sort by Best
Jan Malm • 3 days ago
The grant was paid for ten years and they took it.

And then they left.
4 • Reply • Share ›
Hilde ➤ Jan Malm • 2 days ago
True.
Reply • Share ›""",
        [
            (
                "Jan Malm",
                "The grant was paid for ten years and they took it.\n\nAnd then they left.",
            ),
            ("Hilde", "True."),
        ],
    ),
    "numbers, no heading": (
        """\
1. kelp_77
what do they expect, people to swim?
2. Old Salt
You never had to take it.
3. kelp_77
lol""",
        [
            ("kelp_77", "what do they expect, people to swim?"),
            ("Old Salt", "You never had to take it."),
            ("kelp_77", "lol"),
        ],
    ),
    "pictures and badges": (
        """\
Avatar for Jan Malm
Jan Malm
Top commenter
May 3, 2021
The quay belongs to the harbour board.
7
Reply
Avatar for Hilde
Hilde
May 4, 2021
Not any more.
Reply""",
        [("Jan Malm", "The quay belongs to the harbour board."), ("Hilde", "Not any more.")],
    ),
    "handles between rules": (
        """\
@kelp_77
So the school gets a bus that takes twice as long. Brilliant!
--------
@oldsalt
you could walk
--------""",
        [
            ("@kelp_77", "So the school gets a bus that takes twice as long. Brilliant!"),
            ("@oldsalt", "you could walk"),
        ],
    ),
    "in reply to": (
        """\
JanM
I wonder who owns the quay.
Hilde
In reply to JanM
The harbour board does.
JanM
In reply to Hilde
Thanks!
Sign in to comment""",
        [
            ("JanM", "I wonder who owns the quay."),
            ("Hilde", "The harbour board does."),
            ("JanM", "Thanks!"),
        ],
    ),
    "names before the words": (
        """\
Comments (3)
kelp_77: what do they expect, people to swim?
Old Salt: A ferry that loses money is a hobby.""",
        [
            ("kelp_77", "what do they expect, people to swim?"),
            ("Old Salt", "A ferry that loses money is a hobby."),
        ],
    ),
    "a place under the name": (
        """\
12 comments
Retired teacher
North Quay
March 3
I cannot imagine the mornings without it.
Reply
4 Recommend
Hal Dorn
Tarvik
March 3
The operator was never asked.
Reply""",
        [
            ("Retired teacher", "I cannot imagine the mornings without it."),
            ("Hal Dorn", "The operator was never asked."),
        ],
    ),
    "nobody has a name": (
        """\
Guest
▲ 12 ▼
There is no bus stop within a mile of the quay.
Anonymous
▲ 3 ▼
Good riddance""",
        [
            ("Guest", "There is no bus stop within a mile of the quay."),
            ("Anonymous", "Good riddance"),
        ],
    ),
    "the first has lost its name": (
        """\
This is a disgrace!! My daughter has to get up at five now.
5 likes
Reply
karlsson
well she could move
2 likes
Reply""",
        [
            (None, "This is a disgrace!! My daughter has to get up at five now."),
            ("karlsson", "well she could move"),
        ],
    ),
    "Spanish": (
        """\
Comentarios (2)
Luisa M.
hace 3 días
Qué pena, yo lo tomaba todos los días.
Responder
pepe77
hace 2 días
pues ahora en autobús, como todos
Responder""",
        [
            ("Luisa M.", "Qué pena, yo lo tomaba todos los días."),
            ("pepe77", "pues ahora en autobús, como todos"),
        ],
    ),
    "Ukrainian": (
        """\
Коментарі: 2
Олена Коваль
2 год. тому
Шкода, діти щодня ним їздили.
Відповісти
vasyl_77
вчора о 18:40
А гроші куди поділи?
Відповісти""",
        [("Олена Коваль", "Шкода, діти щодня ним їздили."), ("vasyl_77", "А гроші куди поділи?")],
    ),
}
