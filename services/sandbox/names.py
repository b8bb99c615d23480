"""Names for a fleet, invented: no company is meant."""

from __future__ import annotations

import random
import re

# read as words below: lists of a hundred quoted words each are no easier on the eye
_FIRST = (
    "Alder Ash Barrow Beck Birch Brack Bram Brook Cald Carrow Cinder Clove Copper Corrin Dale Dun Elder Elm Fallow "
    "Farn Fen Fern Flint Gale Garrow Gorse Grey Hal Harrow Hazel Heath Hollow Iron Juniper Kestrel Kil Lark Linden "
    "Loch Mal Marl Mere Mill Moss North Oaken Osier Pell Pine Quarry Quill Raven Reed Rowan Rush Sable Sedge "
    "Silver Skarn Sorrel Stone Swift Tam Tarn Teasel Thorn Umber Vale Wen Westering Whin Willow Wren Yarrow Zephyr"
)
_SECOND = (
    "beck bourne bridge brook by cliff combe cote croft dale den don fall field fold ford garth gate ham haven hill "
    "holm hurst keld land leigh ley mark mere mont moor mouth nock port ridge rigg sett shaw side stead thorpe ton "
    "wade water well wick wold wood worth"
)
_TRADE = (
    "Analytics|Assurance|Athletics|Aviation|Bakeries|Biotech|Breweries|Capital|Ceramics|Chemicals|Clinics|Components|"
    "Contact Centres|Couriers|Dairies|Dental|Diagnostics|Energy|Estates|Farms|Ferries|Foundry|Freight|Gardens|Glass|"
    "Granite|Hotels|Instruments|Insurance|Labs|Law|Logistics|Marine|Media|Mills|Motors|Mutual|Optics|Orchards|Paper|"
    "Pharmacies|Pictures|Plastics|Publishing|Rail|Realty|Robotics|Salvage|Schools|Seeds|Shipping|Ski|Software|Solar|"
    "Steel|Studios|Surveyors|Textiles|Timber|Tools|Toys|Travel|Tyres|Vineyards|Water|Wholesale"
)


FIRST = tuple(_FIRST.split())
SECOND = tuple(_SECOND.split())
TRADES = tuple(_TRADE.split("|"))


class Namer:
    """Names that do not repeat."""

    def __init__(self, reserved: set[str]) -> None:
        self._taken = set(reserved)

    def company(self, random_: random.Random, trade: str | None = None) -> tuple[str, str]:
        """A company's name and its id."""
        name = f"{random_.choice(FIRST)}{random_.choice(SECOND)} {trade or random_.choice(TRADES)}"
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        unique, number = slug, 1
        while unique in self._taken:
            number += 1
            unique = f"{slug}-{number}"
        self._taken.add(unique)
        return (name if number == 1 else f"{name} {number}"), unique
