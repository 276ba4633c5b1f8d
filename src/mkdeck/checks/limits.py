"""The limits of all rules, in one table.

They are choices of engineering in the spirit of Wozniak's rules for formulating knowledge and Matuschak's
guide to prompts: what is short, single and unmistakable is remembered.
"""

LETTERS_THAT_TELL = 4
"""Letters from which a word of an answer gives the answer away, read elsewhere on its front."""
DIGITS_THAT_TELL = 2
SHORT_ANSWER = 3
"""Telling words up to which any one of them gives an answer away; of a longer answer, more than half."""
ANSWER_WORDS = 6
SHARE_OF_SENTENCE = 0.6
"""Part of a sentence's words that one card may ask for."""
CLOZES_IN_POINT = 3
WORDS_ON_FRONT = 40
WORDS_BESIDE_YEAR = 3
"""Other words of content that a sentence needs beside a year that is asked for."""
ITEMS_TO_RECALL = 7
WORDS_IN_ITEM = 4
"""Words up to which what stands between two commas is an item of a list, and not a clause."""
NEARLY_EQUAL = 0.1
"""Part by which two numbers must differ so as not to be mixed up."""
LINKS_IN_CHAIN = 3
TAG_DEPTH = 4
