"""The words of the site's titles and tags: what “did you mean” can mean."""

from django.db import models

from blog import words

SHORTEST_WORD = 4
LONGEST_WORD = 40


def trigrams(word):
    """Its groups of three letters, with its beginning and end marked: {"^ca", "cat", "at$"}."""
    marked = f"^{word}$"
    return {marked[n : n + 3] for n in range(len(marked) - 2)}


class Word(models.Model):
    """A word as it is written in titles, folded but not stemmed."""

    word = models.CharField(max_length=LONGEST_WORD, unique=True)

    def __str__(self):
        return self.word

    @classmethod
    def learn(cls, *texts):
        """Add the words that are new. One query where none is."""
        seen = {word for word in words.tokens(" ".join(texts), language="") if is_spelled(word)}
        new = seen - set(cls.objects.filter(word__in=seen).values_list("word", flat=True))
        if new:
            cls.objects.bulk_create((cls(word=word) for word in new), ignore_conflicts=True)
            learnt = cls.objects.filter(word__in=new)
            groups = [Trigram(word=row, text=text) for row in learnt for text in trigrams(row.word)]
            Trigram.objects.bulk_create(groups, ignore_conflicts=True, batch_size=2000)


class Trigram(models.Model):
    """A group of three letters that a word has."""

    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="trigrams")
    text = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "word"], name="trigram_once")]

    def __str__(self):
        return self.text


def is_spelled(word):
    """Whether the word is one that somebody could mistype and be told of."""
    return SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()
