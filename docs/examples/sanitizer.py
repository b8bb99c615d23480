"""Text from outside, made harmless: prints a hostile name as it is safe to show."""

from services.text import clean

HOSTILE = "evil\x1b]0;owned\x07 \u202ecod.exe\u202c zero\u200bwidth 日本語 " + "z\u0301" * 3

if __name__ == "__main__":
    print(clean(HOSTILE))
    print(clean(HOSTILE, limit=20))
