"""Words of everyday English that are names, too, or might be put on a list of names by mistake.

As a name alone, such a word is looked for with a capital letter only: "Will" is, "will" is not. Only words
that social workers write in small letters as well: a name that hardly ever is, such as Daisy, is found
however it is written.
"""

_ALSO_NAMES = """
    amber angel april art august autumn bay bear beau belle bill blaze blue bond brook brooks brown carol case
    cash chance charity chase christian clay cliff cloud cross dash dawn day dean destiny drew early east ever
    fair faith field finch fly ford forest fox frank freedom good grace grant gray green grey guy happy hardy
    haven heaven hill home honey hope hunter iron joy june just justice king lane law little long love lucky
    mark max may mercy merry miles mill moon moss nick noble north old page park parish patience peace penny
    pepper pike port precious price prince queen rain ray read red reed rich ridge river rob rock rod roman
    rose rush serenity shade shell short shore sky small snow south star steel stone strong sue summer sunday
    sunny teal temple trip true van victory ward way west wheeler white wild will winter wise wolf wood woods
    worth young
"""
_COMMON = """
    a about after again all also am an and any are as ask at away baby back be because been before being best
    both boy brother but by call came can care carer child children come could court dad daughter did do does
    done down each end even every family father find first for foster found from full gave get girl give go
    going had has have he health help her here him his hospital house how i if in into is it its keep know
    last learn learned left let life like live look made make man manager many me meet meeting met mother mum
    must my name need never new next no none nor not now of off on once one only or other our out over own
    parent partner people person plan play police put right said same saw say school see seen she sister so
    social some son still such support take team tell than that the their them then there these they thing
    think this those time to today told too took two under until up us very visit want was we week well went
    were what when where which while who whole why with woman work worker would year yes yet you your
"""
ORDINARY = frozenset((_ALSO_NAMES + _COMMON).split())
