"""What is read from and changed in the bodies of requests to models: OpenAI, Anthropic and Gemini shapes."""

import json
import re

_TEXT_LIMIT = 1_000_000
_COMPLETION_TOKENS = re.compile(r"^(o\d|gpt-5)")


def parsed(body):
    """The body as a dictionary, or None."""
    if not body or not bytes(body[:1]) == b"{":
        return None
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _texts(content, out, files):
    if isinstance(content, str):
        out.append(content)
    elif isinstance(content, list):
        for part in content:
            _texts(part, out, files)
    elif isinstance(content, dict):
        if isinstance(content.get("text"), str):
            out.append(content["text"])
        elif "parts" in content:
            _texts(content["parts"], out, files)
        elif "content" in content:
            _texts(content["content"], out, files)
        elif content.get("type") not in (None, "tool_use", "function_call") or "inlineData" in content:
            files.append(content)


def _is_asked(message):
    """What people and tools said, not what the application or the model did."""
    return not isinstance(message, dict) or message.get("role") in (None, "user", "tool", "function")


def facts_of(body):
    """`model`, `text` and `attachments` of a request."""
    facts = {}
    if isinstance(body.get("model"), str):
        facts["model"] = body["model"]
    asked = body.get("messages", body.get("contents", body.get("input", body.get("prompt"))))
    out, files = [], []
    for message in asked if isinstance(asked, list) else [asked]:
        if _is_asked(message):
            _texts(message, out, files)
    if out:
        facts["text"] = "\n".join(out)[:_TEXT_LIMIT]
    if files:
        facts["attachments"] = len(files)
    return facts


def _bound(body, name, most, unset):
    if body.get(name) is None and most >= unset:
        return
    body[name] = most if body.get(name) is None else min(body[name], most)


def with_settings(body, settings, path):
    """A copy that keeps to what is set; what it does not say is set where the vendor's own value is higher."""
    out = dict(body)
    if "contents" in out:
        inner, names = dict(out.get("generationConfig") or {}), ("temperature", "topP", "maxOutputTokens")
        out["generationConfig"] = inner
    else:
        inner = out
        told = next((name for name in ("max_completion_tokens", "max_output_tokens", "max_tokens") if name in out), None)
        if told is None:
            new = path.endswith("/chat/completions") and _COMPLETION_TOKENS.match(str(out.get("model")))
            told = "max_output_tokens" if path.endswith("/responses") else "max_completion_tokens" if new else "max_tokens"
        names = ("temperature", "top_p", told)
    if settings.get("temperature") is not None:
        _bound(inner, names[0], settings["temperature"], 1)
    if settings.get("topP") is not None:
        _bound(inner, names[1], settings["topP"], 1)
    if settings.get("maxTokens") is not None:
        _bound(inner, names[2], settings["maxTokens"], float("inf"))
    return out


def answer_text(body):
    """The words of an answer, joined; empty when there are none."""
    out = []

    def walk(value, depth=0):
        if depth > 8:
            return
        if isinstance(value, list):
            for each in value:
                walk(each, depth + 1)
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name in ("content", "text", "refusal", "output_text") and isinstance(inner, str):
                    out.append(inner)
                elif name in ("choices", "message", "delta", "content", "output", "candidates", "parts", "content_block"):
                    if name == "delta" and isinstance(inner, str):
                        out.append(inner)
                    walk(inner, depth + 1)

    walk(body)
    return "\n".join(out)
