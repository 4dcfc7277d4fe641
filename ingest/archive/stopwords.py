"""Words too frequent to search by, in the languages that archives here are mostly written in.

Kept short: a word is left out only where nearly every article has it. A question made of
nothing else is searched with all its words.
"""

STOPWORDS = frozenset(
    # English, with the fragments that a contraction leaves
    "a about after again all also am an and any are as at be because been before being between"
    " both but by can could did do does doing don down during each for from had has have having"
    " he her here hers him his how i if in into is it its itself just ll me more most my no nor"
    " not now of off on once only or other our out over own re s same she should so some such t"
    " than that the their them then there these they this those through to too under until up us"
    " ve very was we were what when where which while who whom whose why will with would you your"
    # Spanish
    " al como con cual cuando de del desde donde el ella ellos en entre era es esa ese esta este"
    " fue ha hasta hay la las le les lo los mas más muy ni o para pero por porque qué que quien se"
    " ser si sin sobre son su sus también un una uno y ya"
    # Ukrainian and Russian
    " а або але б бо був була було були в від вже ви він вона вони до для є з за зі і із його її їх"
    " й коли ми на не ні о об по при про та так також те ти то у хто це цей ця через чи що щоб як"
    " який яка яке які я был была было были вот все вы где его ее если есть и из или их к как"
    " когда кто ли мы нет но он она они от с со тот ты что чтобы это этот"
    # Arabic
    " إلى أن إن أو الذي التي ان او بين حول عن على في قال قد كان كانت كل لا لم لن ما ماذا متى مع من"
    " هذا هذه هل هو هي أين كيف"
    # German and French
    " auf aus bei das dem den der des die ein eine einem einen einer es für im ist mit nach nicht"
    " sich sie sind und von war wie wird zu zum zur au aux avec ce ces cette dans du elle est et il"
    " ils je les leur mais ne nous ou où pas pour qu que qui sa ses sont sur une vous".split()
)
