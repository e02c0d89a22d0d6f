"""Searching the operators' lists: what is looked for is a name, so it stays out of addresses. ADR 0024."""

from django.http import HttpResponseRedirect

from people import searching

KEY, FIELD, LONGEST = "operators_words", "look_for", 200


class WordsStayOut:
    """A list of the admin whose search is sent as a form. Its address has a token for the words."""

    def changelist_view(self, request, extra_context=None):
        if FIELD in request.POST:
            typed = "".join(sign for sign in request.POST[FIELD] if sign.isprintable())
            asked = request.GET.copy()
            for name in ("q", "p"):
                asked.pop(name, None)
            if token := searching.keep_words(request, typed.strip()[:LONGEST], key=KEY):
                asked["q"] = token
            return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request):
        found = super().get_changelist_instance(request)
        found.words = self._words(request, found.query) or ""
        return found

    def get_search_results(self, request, queryset, search_term):
        words = self._words(request, search_term)
        if words is None:
            return queryset.none(), False
        return super().get_search_results(request, queryset, words)

    @staticmethod
    def _words(request, token):
        """What the token stands for; None where it stands for nothing that this session looked for."""
        return dict(request.session.get(KEY, [])).get(token) if token else ""
