"""The format as a JSON Schema, with which an editor completes, explains and checks a deck as it is written.

It is the model as an editor sees a file: to its YAML parser `1928` is a number, `no` may be a boolean and a key
with nothing after it is null, where mkdeck takes every scalar for what was written.

What a schema cannot know: how a number was spelt (`id: 1.0` and `lang: true` pass, a `null` that was written out
does not), what is right only beside something else (ids that are doubled, a ranking of no reason, facts that
stand nowhere), and what shows when notes are made (a deck without cards, the tags that Anki keeps for itself).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from mkdeck.model import DeckData, Id, Tag, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import core_schema

    Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SPELT = {"number": "1.5", "integer": "1928", "boolean": "no"}
"""What an editor reads as something else than a string, each in a spelling that tells it from the others."""
_SPACES = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BREAKS = r"\u0009-\u000d\u0085\u2028\u2029"
_CONTROLS = r"\u0000-\u001f\u007f-\u009f"
_FORMATS = (
    r"\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb"
    # Python and ECMA-262 escape what lies beyond U+FFFF in two ways, so it stands for itself.
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f"
)
_END = r"$(?!\n)"
"""The end of a text: Python's `$` also matches before a last line break."""
_PORTABLE = {r"\s": _SPACES + _BREAKS, r"\p{Cc}": _CONTROLS, r"\p{Cf}": _FORMATS, "$": _END}
"""What pydantic, ECMA-262 (with its flag `u`) and Python's `re` do not read alike, in terms that they do."""

_PART = rf"[{_SPACES}]*(?!::)[^{_SPACES}{_BREAKS}{_CONTROLS}](?:(?!::)[^{_BREAKS}{_CONTROLS}])*"
_DECK_NAME = rf"^{_PART}(?:::{_PART})*{_END}"
"""Parts in one line that are not blank, with `::` between them."""

_NAMED = {
    "id": (Id, "An id is made of small letters and digits, with single hyphens between them."),
    "tag": (Tag, "A tag is not empty and has no spaces."),
    "words": (Words, "There is nothing to be seen here: write a text or leave it out."),
}
"""The patterns that are used again and again, and what yaml-language-server says instead of showing them."""

_ORDER = [
    *(
        "$schema",
        "title",
        "description",
        "$ref",
        "type",
        "enum",
        "pattern",
        "patternErrorMessage",
        "minimum",
        "maximum",
    ),
    *("allOf", "default", "minItems", "items", "propertyNames", "properties", "required", "additionalProperties"),
    *("not", "const", "minProperties", "if", "then", "else", "$defs"),
]
"""Of keywords, for one who reads the file."""


def to_json() -> str:
    """Give the schema as the text of a file."""
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> Json:
    """Give the JSON Schema (2020-12) of a deck file."""
    found = _made_of(DeckData)
    keys, kinds = found["properties"], found["$defs"]
    for name in ("Text", "Point", "Link", "Meaning"):
        _allow_a_string(kinds[name], "text")
    _allow_a_string(kinds["OwnField"], "name")
    _allow_a_string(kinds["Fact"], "fact")
    kinds["Fact"] = _named_either_way(kinds["Fact"])
    kinds["Chain"] |= {"type": ["array", "object"], "items": kinds["Chain"]["properties"]["links"]["items"]}
    given = {"type": kinds["Text"]["type"]}
    kinds["Card"] |= _one_shape(given)
    _allow_nothing(found)
    found |= {
        "title": "A deck of mkdeck",
        "if": {"required": ["reasons"], "properties": {"reasons": {"type": "array", "minItems": 1}}},
        "then": {"required": ["question"], "properties": {"question": given}},
    }
    keys["deck"] |= _matching(
        _DECK_NAME, "A deck's name stands in one line, with `::` between names that are not blank."
    )
    kinds["Card"]["properties"]["decks"]["propertyNames"]["patternErrorMessage"] = "A card has a number, from 1."
    keys["lang"] |= _matching(keys["lang"]["pattern"], "Write a language as `en`, `pt-BR` or `zh-Hant`.")
    keys["style"]["allOf"] = [_matching(f"^[^<]*{_END}", "A style sheet holds no `<`.")]
    for name in ("terms", "note_types"):
        keys[name]["type"] = ["object", "null"]
    for name, (kind, message) in _NAMED.items():
        _define(found, name, _matching(_made_of(kind)["pattern"], message))
    ordered: Json = _ordered({"$schema": DIALECT, **found})
    return ordered


class _Generator(GenerateJsonSchema):
    """What pydantic says of a model, but of texts, and of keys with nothing after them, as an editor reads them."""

    def str_schema(self, schema: core_schema.StringSchema) -> Json:
        if "pattern" not in schema:
            return {"type": ["string", "number", "boolean"]}
        pattern = re.sub(r"\\s|\\p\{C[cf]\}|\$", lambda found: _PORTABLE[found[0]], str(schema["pattern"]))
        kinds = [kind for kind, spelling in _SPELT.items() if re.search(pattern, spelling)]
        if "number" in kinds:
            kinds.remove("integer")
        found = {"type": ["string", *kinds], "pattern": pattern}
        return {**found, "minimum": 0} if "integer" in kinds else found

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Json:
        found = self.generate_inner(schema["schema"])
        return _or_null(found) if found.get("type") == "array" else found

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        found = self.generate_inner(schema["schema"])
        return {"anyOf": [found, {"type": "null"}]} if "$ref" in found else _or_null(found)

    def dict_schema(self, schema: core_schema.DictSchema) -> Json:
        """Refuse names that do not match; pydantic's own `patternProperties` would let them pass unseen."""
        names, values = (self.generate_inner(schema[each]) for each in ("keys_schema", "values_schema"))
        return {"type": "object", "propertyNames": {"pattern": names["pattern"]}, "additionalProperties": values}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Json:
        found = self.generate_inner(schema["schema"])
        return {**found, "default": schema["default"]} if schema.get("default") else found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the key itself is title enough
        return False


def _made_of(kind: Any) -> Json:
    return TypeAdapter(kind).json_schema(schema_generator=_Generator)


def _or_null(found: Json) -> Json:
    kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
    nothing = {"enum": [*found["enum"], None]} if "enum" in found else {}
    return {**found, **nothing, "type": [*kinds, "null"]}


def _allow_a_string(kind: Json, key: str) -> None:
    """Let a text stand for the mapping that would have it under `key`."""
    text = kind["properties"][key]
    kind |= {"type": [*text["type"], "object"], "pattern": text["pattern"]}


def _named_either_way(fact: Json) -> Json:
    """Let the words of a fact stand under `text:` if there is no `fact:`."""
    keys = fact["properties"]
    text = {**keys["fact"], "description": "The same as `fact`."}
    both = {"if": {"required": ["fact"]}, "then": {"properties": {"text": False}}}
    return {
        **{key: each for key, each in fact.items() if key != "required"},
        "properties": {"fact": keys["fact"], "text": text, **keys},
        "if": {"required": ["text"]},
        "then": both,
        "else": {"required": ["fact"]},
    }


def _one_shape(given: Json) -> Json:
    """Say that a card has fields, or a front and a back, or a cloze; a key with nothing after it is none."""
    nothing = {"type": "null"}
    no_other = dict.fromkeys(("front", "back", "cloze", "note", "source"), nothing)
    sides = {
        "if": {"required": ["cloze"], "properties": {"cloze": given}},
        "then": {"properties": {"front": nothing, "back": nothing, "decks": {"enum": [None, {}]}}},
        "else": {"required": ["front", "back"], "properties": {"front": given, "back": given}},
    }
    one_deck = {
        "required": ["deck", "decks"],
        "properties": {"deck": {"type": "string"}, "decks": {"minProperties": 1}},
    }
    return {
        "not": one_deck,
        "if": {"required": ["fields"], "properties": {"fields": {"type": "object"}}},
        "then": {"required": ["type"], "properties": {"type": {"not": nothing}, **no_other}},
        "else": {"properties": {"html": {"const": False}}, **sides},
    }


def _allow_nothing(found: Json) -> None:
    """Say `or nothing` in what is referred to, and `but something` where it is needed.

    With a choice (`anyOf`) at each place, an editor could only tell that none of it fits.
    """
    optional = [node for node in _nodes(found) if "anyOf" in node]
    for node in optional:
        node.update(node.pop("anyOf")[0])
    for reference in {node["$ref"]: None for node in optional}:
        name = reference.rpartition("/")[2]
        kind = found["$defs"][name]
        for node in _nodes(found):
            if node.get("$ref") == reference and not any(node is each for each in optional):
                node["type"] = kind["type"]
        found["$defs"][name] = _or_null(kind)


def _matching(pattern: str, message: str) -> Json:
    return {"pattern": pattern, "patternErrorMessage": message}


def _define(found: Json, name: str, rule: Json) -> None:
    """Write a pattern once, instead of wherever it is to match."""
    for node in _nodes(found):
        if node.get("pattern") == rule["pattern"]:
            del node["pattern"]
            node["$ref"] = f"#/$defs/{name}"
    found["$defs"][name] = rule


def _ordered(node: Any, *, has_keywords: bool = True) -> Any:
    if isinstance(node, list):
        return [_ordered(each) for each in node]
    if not isinstance(node, dict):
        return node
    keys = sorted(node, key=_ORDER.index) if has_keywords else node
    return {
        key: _ordered(node[key], has_keywords=not has_keywords or key not in {"properties", "$defs"})
        for key in keys
    }


def _nodes(node: Any) -> Iterator[Json]:
    """Give the mappings in a schema, those of names to schemas among them."""
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for each in list(node.values() if isinstance(node, dict) else node):
            yield from _nodes(each)
