"""The names of emoji: as somebody types one, and as Slack tells of one that was put on a message."""

import unicodedata

from bot.platform.errors import Refusal

NAME_LENGTH = 100  # Slack's own limit
# Slack has several names for some emoji, and tells of any of them. The data is that of iamcal/emoji-data, as Slack's is.
_SAME = """
+1 thumbsup
-1 thumbsdown
barely_sunny sun_behind_cloud
bee honeybee
boat sailboat
book open_book
boom collision
car red_car
cn flag-cn
crossed_fingers hand_with_index_and_middle_fingers_crossed
de flag-de
dolphin flipper
email envelope
es flag-es
exclamation heavy_exclamation_mark
exploding_head shocked_face_with_exploding_head
face_vomiting face_with_open_mouth_vomiting
face_with_hand_over_mouth smiling_face_with_smiling_eyes_and_hand_covering_mouth
face_with_raised_eyebrow face_with_one_eyebrow_raised
face_with_symbols_on_mouth serious_face_with_symbols_covering_mouth
facepunch punch
feet paw_prints
fr flag-fr
fried_egg cooking
gb uk flag-gb
hand raised_hand
hankey poop shit
hocho knife
it flag-it
izakaya_lantern lantern
jp flag-jp
kr flag-kr
ladybug lady_beetle
laughing satisfied
lightning lightning_cloud
man_and_woman_holding_hands woman_and_man_holding_hands couple
mans_shoe shoe
medical_symbol staff_of_aesculapius
memo pencil
men-with-bunny-ears-partying man-with-bunny-ears-partying
middle_finger reversed_hand_with_middle_finger_extended
moon waxing_gibbous_moon
mostly_sunny sun_small_cloud
mrs_claus mother_christmas
partly_sunny_rain sun_behind_rain_cloud
phone telephone
ru flag-ru
runner running
shirt tshirt
shushing_face face_with_finger_covering_closed_lips
star-struck grinning_face_with_star_eyes
the_horns sign_of_the_horns
tornado tornado_cloud
two_men_holding_hands men_holding_hands
two_women_holding_hands women_holding_hands
us flag-us
women-with-bunny-ears-partying woman-with-bunny-ears-partying
zany_face grinning_face_with_one_large_and_one_small_eye
"""
_FIRST = {each: names[0] for names in map(str.split, _SAME.strip().splitlines()) for each in names}


def name(typed: str, *, example: str, field: str) -> str:
    """`:retro:` without its colons and the tone of its skin. Raises Refusal for what can't be an emoji's name."""
    found = _plain(typed.strip().strip(":"))
    if not found or len(found) > NAME_LENGTH or any(letter.isspace() or letter == ":" for letter in found):
        raise Refusal(f"Type an emoji's name as in Slack, such as `:{example}:`.", field=field)
    if any(unicodedata.category(letter) in ("So", "Sk", "Cn") for letter in found):
        # Slack tells of an emoji by its name alone, so the picture of one would never be heard of.
        raise Refusal(
            f"Type the emoji's name, such as `:{example}:`. Slack shows it when you point at it.", field=field
        )
    return found


def is_same(one: str, other: str) -> bool:
    """Whether two names mean the same emoji, in whatever tone of skin."""
    return _first(one) == _first(other)


def _first(name: str) -> str:
    plain = _plain(name)
    return _FIRST.get(plain, plain)


def _plain(name: str) -> str:
    return name.partition("::")[0].casefold()
