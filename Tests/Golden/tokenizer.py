"""Writes what transformers' CLIP tokenizer makes of tricky texts: Tests/Golden/tokenizer/texts.jsonl, and a model's tokenizer.json.

    python -m venv venv && venv/bin/pip install transformers==5.24.0 torch
    venv/bin/python Tests/Golden/tokenizer.py CLIP-BPE.txt.gz            the fixtures
    venv/bin/python Tests/Golden/tokenizer.py CLIP-BPE.txt.gz --soak F   many more texts, for one run with OWLWATCH_TOKENIZER_TEXTS=F

CLIP-BPE.txt.gz is bpe_simple_vocab_16e6.txt.gz of OpenAI's CLIP repository. Each line of the output has a text, its ids in the
bundled model's vocabulary and in CLIP's own, both whole, and in CLIP's own as the model gets them: cut and padded to 16.
"""
import argparse
import gzip
import json
import pathlib
import random
import shutil
import sys
import tempfile
import unicodedata

from transformers import AddedToken, CLIPTokenizer

from generate import byte_symbols, vocabulary

HERE = pathlib.Path(__file__).parent
NANO = HERE.parent.parent / "Models/owlwatch-nano"
POSITIONS = 16

WRITTEN = [
    # words, case, English endings, punctuation
    "", " ", "a", "A CAT", "a cat's tail isn't they're I've I'm we'll he'd", "A CAT'S TAIL ISN'T THEY'RE I'VE I'M WE'LL HE'D",
    "rock'n'roll 'tis '90s ''s 'ss 'S 'lll", "dog’s “quoted” —dash– …", "a-b_c.d,e;f:g!h?i(j)k[l]m{n}o/p\\q|r~s`t@u#v$w%x^y&z*",
    "!", "!!", "hello!world", "! a", "a !", "....", "<|endoftext|>", "<|startoftext|> cat", "a<|endoftext|>b", "<|ENDOFTEXT|>", "< |endoftext|>",
    "<|endoftext", "|endoftext|>", "<|endoftext|>>", "<|startoftext|><|endoftext|>!", "</w>", "a</w> b", "#version: 0.2",
    # numbers
    "0", "1234567890", "3rd 21st 4x4 1e-3 1,000.5 -7", "½ ⅓ ¼ ² ³ ⁴ ₁ ₂ ① ② ⑳ Ⅳ ⅳ ↁ", "٣ ٤ ५ ६ ௧ 〇 一 二 ৳ ๓", "𝟘𝟙𝟚 𝟬 𝍠 𐄇",
    # white space of every kind
    " leading", "trailing ", "  two  spaces  ", "tab\tnewline\nreturn\rboth\r\nvertical\x0bform\x0c", "a\x1cb\x1dc\x1ed\x1fe", "a\u0085b\u00a0c\u1680d",
    "a\u2000b\u2001c\u2002d\u2003e\u2004f\u2005g\u2006h\u2007i\u2008j\u2009k\u200al", "a\u2028b\u2029c\u202fd\u205fe\u3000f", "\u3000\u2003 \t\u00a0",
    # what looks like white space and isn't
    "a\u200bb\u200cc\u200dd\u2060e\ufefff\u180eg\u00adh", "\ufeffbom first", "a\u034fb",
    # control characters
    "a\x00b", "\x01\x02\x03\x04\x05\x06\x07\x08", "\x7f\x80\x81\x9f", "cat\x00", "\x1b[31mred\x1b[0m",
    # composed and decomposed
    "café", "cafe\u0301", "Ångström A\u030angstro\u0308m \u212b", "\u2126 Ω ohm", "\u1e9b\u0323 \u1e9b\u0307", "q\u0307\u0323 q\u0323\u0307",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306", "\u0301alone", " \u0301", "\u0958 \u0915\u093c \u0929", "\u0344 \u0374 \u037e \u0387 \u1fef",
    "\uf900 \u8c48 \ufa30 \U0002f800", "\u0f73 \u0f71\u0f72 \u0f75 \u0f81", "\u1100\u1161 \u1100\u1161\u11a8 \uac00\u11a8 \uac00 \uac01 \uaca8\u11b7 \uac1c\u11a7",
    "한국어 빨간 트럭 \u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", "\u1b06 \u1b05\u1b35 \u09cb \u09c7\u09be \u0b94 \u0b92\u0bd7", "\U0001109a \U00011099\U000110ba \U000114bc",
    "\U0001d15e \U0001d1bb \U0001d160", "\u0345\u0301\u03b1 \u1fb4 \u1f80", "\u2adc \u2add\u0338 \u226e <\u0338 \u2260 =\u0338",
    "\u0f73\u0f73 e\u0f75\u0f75 \u0f81\u0f81 e\u0344\u0344", "\U0009006b\u030c a\U0009006b\u030c \u0313\U0009006b\u030c", "\ua64a\u0301 \U00034724\u0301\u0323 \U00011935\U00011930",
    # letters whose lower case is odd
    "İstanbul ıI ISTANBUL", "Straße STRASSE ẞ ſ", "ΣΊΣΥΦΟΣ ΟΔΟΣ σς", "Ǆ ǅ ǆ Ǉ ǈ ǉ ǲ", "ﬁ ﬂ ﬀ ﬆ", "ＦＵＬＬ　ｗｉｄｔｈ １２３", "Ⅷ Ⓐ ⓐ 𝐀 𝒜 𝔄", "ᾈ ᾳ ῼ", "Ꭰ ꭰ ᏸ Ა ა Ბ",
    "ƏƐƆŊɊ Ⱥ Ⱦ ⱥ Ꞌ Ɤ Ꟈ", "K K", "\u0130\u0307",
    # right to left
    "قطة حمراء", "خَلْفَ الشَّاحِنَةِ", "לָבָן חתול", "\u202eabc\u202c \u200fabc\u200e \u2066x\u2069", "یک گربه‌ی سیاه", "ܐܒܓ ߊߋߌ",
    # other scripts
    "红色的卡车", "赤いトラックと猫", "ｶﾞｷﾞ ガギ カ\u3099キ\u3099", "แมวสีแดง", "लाल ट्रक क्षत्रिय", "சிவப்பு லாரி", "ლურჯი მანქანა", "Красный грузовик ЙЁ йё И\u0306",
    "ខ្មែរ ឡាន", "မြန်မာ ကား", "བོད་ཡིག", "ቀይ መኪና", "ᠮᠣᠩᠭᠣᠯ", "ଲାଲ ଟ୍ରକ", "ᚠᚢᚦ 𐍈 𒀀 𓀀 𠮷", "Tiếng Việt ở đường", "ꦗꦮ ᜊᜌᜊᜌᜒᜈ᜔",
    # emoji: joined, coloured, flags, keycaps, selectors
    "🚚", "👩‍👩‍👧 family", "🏳️‍🌈 🏴‍☠️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽👍🏿", "🇩🇪🇫🇷🇺", "1️⃣ #️⃣ *️⃣", "☺︎ ☺️ ☺", "a🚚b🚗c", "🫠🫡🪿🩷🫨 🪉", "❤️‍🔥 🧑🏻‍🤝‍🧑🏿",
    # symbols, private use, unassigned, non-characters
    "© ® ™ € £ ¥ ₿ ₽ § ¶ † ‡ • ° µ μ", "→ ⇒ ∀ ∃ ∑ √ ∞ ≈ ≠", "█▓▒░ ┌─┐", "\ue000 \uf8ff \U000f0000 \U0010fffd", "\u0378 \u0380 \U0001fbff \U000e0fff", "\ufffe \uffff \U0001ffff \U0010ffff",
    "\ufffd \ufffc", "\U000e0001\U000e0041", "H₂O CO₂ m² x³", "ª º ʰ ˠ ᵃ ⁿ", "\u0e33 \u0e4d\u0e32 \u0eb3",
    # newer than some tables
    "\u0870 \u088e \u08c8", "\U00010ec5 \U00011f02 \U00031350", "\ua7cb \ua7cc \ua7da \ua7dc", "\U00010d40 \U00010d4a \U00010d50 \U00010d70", "\U0001ccf0 \U0001ccd6",
    # long
    " ".join(["a very long description of one thing"] * 16), "x" * 300, "ab" * 200, "é" * 100, "🚚" * 60, "1" * 50, "!?" * 80, "don't " * 40, "猫" * 90,
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
]

WHITE = [chr(c) for c in (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)]
ALPHABETS = [
    [chr(c) for c in range(32, 127)], list("abcdefghijklmnopqrstuvwxyz '"), list("ABCDEFG' stmdrvl"), WHITE,
    [chr(c) for c in range(0, 0x250)], [chr(c) for c in range(0x300, 0x370)] + list("aeioucn"), [chr(c) for c in range(0x370, 0x530)],
    [chr(c) for c in range(0x590, 0x800)], [chr(c) for c in range(0x900, 0xE00)], [chr(c) for c in range(0xE00, 0x1100)],
    [chr(c) for c in range(0x1100, 0x1200)] + [chr(c) for c in range(0xAC00, 0xAC80)], [chr(c) for c in range(0x1D00, 0x2100)],
    [chr(c) for c in range(0x2100, 0x2C00)], [chr(c) for c in range(0x3000, 0x3200)] + [chr(c) for c in range(0x4E00, 0x4E80)],
    [chr(c) for c in range(0xA640, 0xAC00)], [chr(c) for c in range(0xF900, 0x10000)], [chr(c) for c in range(0x10000, 0x11600)],
    [chr(c) for c in range(0x1F000, 0x1FB00)] + ["\u200d", "\ufe0f", "\U0001f3fd"], [chr(c) for c in range(0x1D000, 0x1D800)],
    ["<|endoftext|>", "<|startoftext|>", "!", "<|", "|>", "a", " ", "'s", "</w>", "endoftext"],
]


def drawn(count, seed):
    """Texts of a few alphabets mixed, and of any scalars at all."""
    source = random.Random(seed)
    for _ in range(count):
        pools = source.sample(ALPHABETS, source.choice([1, 1, 2, 3]))
        text = ""
        for _ in range(source.choice([1, 2, 3, 5, 9, 14, 25])):
            if source.random() < 0.05:
                c = source.randrange(0x110000)
                text += "" if 0xD800 <= c < 0xE000 else chr(c)
            else:
                text += source.choice(source.choice(pools))
        yield source.choice([str, str, lambda t: unicodedata.normalize("NFD", t), lambda t: unicodedata.normalize("NFC", t), str.upper])(text)


def marked(count, seed):
    """Any scalar, then marks in any order: what composes, what moves, what blocks."""
    source = random.Random(seed)
    marks = [chr(c) for c in range(0x110000) if unicodedata.combining(chr(c))]
    marks += [unicodedata.decomposition(chr(c)).split()[1] for c in range(0xA0, 0x1D200) if len(unicodedata.decomposition(chr(c)).split()) == 2 and "<" not in unicodedata.decomposition(chr(c))]
    marks = [m if len(m) == 1 else chr(int(m, 16)) for m in marks]
    whole = [chr(c) for c in range(0xA0, 0x1D200) if unicodedata.decomposition(chr(c)) and "<" not in unicodedata.decomposition(chr(c))]
    for _ in range(count):
        text = ""
        for _ in range(source.choice([1, 2, 4])):
            c = source.randrange(0x110000)
            text += source.choice([source.choice(whole), source.choice("aeiouAEkgs"), "" if 0xD800 <= c < 0xE000 else chr(c)])
            text += "".join(source.choice(marks) for _ in range(source.choice([1, 1, 2, 3, 4])))
        yield text


def every_scalar():
    """Each scalar alone, between letters, after a letter that may compose with it, and doubled."""
    for c in range(0x110000):
        if not 0xD800 <= c < 0xE000:
            s = chr(c)
            yield f"{s} a{s}b e{s}{s} 1{s}"


def clip(archive, folder):
    """The files of openai/clip's tokenizer out of its merges: 256 bytes, the same at a word's end, a token a merge, the two marks."""
    lines = gzip.open(archive, "rt", encoding="utf-8").read().split("\n")[1:49152 - 256 - 2 + 1]
    symbols = byte_symbols()
    tokens = symbols + [s + "</w>" for s in symbols] + [line.replace(" ", "") for line in lines] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "CLIPTokenizer", "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>",
        "pad_token": "!", "model_max_length": POSITIONS}))
    return CLIPTokenizer.from_pretrained(folder)


def joined():
    """A tokenizer.json as transformers saves it, with added tokens of every sort, and no vocab.json beside it."""
    folder = HERE / "tokenizer-joined"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    vocab, merges = vocabulary()
    with tempfile.TemporaryDirectory() as plain:
        (pathlib.Path(plain) / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
        (pathlib.Path(plain) / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
        tokenizer = CLIPTokenizer.from_pretrained(plain, pad_token="!", model_max_length=POSITIONS)
    tokenizer.add_tokens([AddedToken("<strip>", lstrip=True, rstrip=True, normalized=False), AddedToken("whole", single_word=True, normalized=False),
                          AddedToken("Ünique", normalized=True), AddedToken("<special>", special=True)])
    tokenizer.save_pretrained(folder)
    extra = ["a <strip> b", "a<strip>b", "whole a wholea awhole whole_ whole-", "ünique Ünique ÜNIQUE u\u0308nique", "<special>x<special>", "WHOLE whole"]
    with open(folder / "texts.jsonl", "w") as out:
        for text in WRITTEN + extra:
            out.write(json.dumps({"text": text, "whole": tokenizer(text, add_special_tokens=False).input_ids, "cut": cut(tokenizer, text)}) + "\n")
    print("tokenizer-joined:", len(tokenizer), "tokens", file=sys.stderr)


def cut(tokenizer, text):
    return tokenizer(text, padding="max_length", max_length=POSITIONS, truncation=True).input_ids


def write(path, texts, nano, full):
    count = 0
    with open(path, "w") as out:
        for text in texts:
            out.write(json.dumps({"text": text, "nano": nano(text, add_special_tokens=False).input_ids,
                                  "clip": full(text, add_special_tokens=False).input_ids, "cut": cut(full, text)}, separators=(",", ":")) + "\n")
            count += 1
    print(path, count, "texts", file=sys.stderr)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive")
    arguments.add_argument("--soak")
    chosen = arguments.parse_args()
    nano = CLIPTokenizer.from_pretrained(NANO)
    with tempfile.TemporaryDirectory() as folder:
        full = clip(chosen.archive, pathlib.Path(folder))
        if chosen.soak:
            from itertools import chain
            write(chosen.soak, chain(drawn(200_000, seed=99), marked(300_000, seed=98), every_scalar()), nano, full)
        else:
            write(HERE / "tokenizer/texts.jsonl", WRITTEN + list(drawn(400, seed=7)), nano, full)
            joined()
