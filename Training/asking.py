"""Which words a step asks for, and what each word says about each class, as tables."""
import numpy as np

from words import ALWAYS, CLASSES, NUMBER, PROMPTS, WORDS, said

# seldom boxed parts of a large group ("vehicle" names ambulances too): a picture may be judged without knowing them
SELDOM = ["van", "rickshaw", "vehicle", "bag", "purse", "forklift", "ambulance", "chicken", "pig", "fox"]


class Asking:
    def __init__(self):
        """names, silent, needed: bool [words, classes]; a word has true negatives where all its needed classes are known"""
        self.words = sorted(WORDS)
        self.names = np.zeros((len(self.words), len(CLASSES)), bool)
        self.silent = np.zeros_like(self.names)
        self.synonyms = {}
        for i, word in enumerate(self.words):
            names, silent = WORDS[word]
            self.names[i, [NUMBER[c] for c in names]] = True
            self.silent[i, [NUMBER[c] for c in silent]] = True
            self.synonyms.setdefault(tuple(names), []).append(i)
        self.needed = self.names.copy()
        self.needed[:, [NUMBER[c] for c in SELDOM]] &= (self.names.sum(1) == 1)[:, None]

    def choose(self, random, present, count):
        """present: class numbers in the batch -> word indices [count] and texts: street words always, the others at random,
        rather those whose class is present"""
        chosen = []
        for word, amount in ALWAYS:
            group = self.synonyms[tuple(WORDS[word][0])]
            chosen += random.choice(group, min(amount, len(group)), replace=False).tolist()
        weights = 1. + 4 * self.names[:, present].any(1)
        weights[chosen] = 0
        chosen += random.choice(len(self.words), count - len(chosen), replace=False, p=weights / weights.sum()).tolist()
        return np.array(chosen), [said(self.words[i], PROMPTS[random.integers(len(PROMPTS))]) for i in chosen]
