"""Reads one PDF through, and writes it anew without what it says of whoever made it. No Django."""

import io
import re

import pikepdf

from portfolios.inspection_carried import picture_without_data
from portfolios.inspection_verdicts import Found, refuse_archive, refuse_behind

END = b"%%EOF"

# What a PDF does by itself or at a touch, and what it carries: nothing of it belongs into evidence.
ACTIONS = {
    *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie", "/Sound"),
    "/Thread",
}
ACTIVE_KEYS = ("/JS", "/EF", "/XFA", "/RichMediaContent", "/Collection")
ACTIVE_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
# All that may happen by itself, when the file or a page is opened: going to a page of its own.
BY_ITSELF = {"/GoTo"}
# Where a click may not lead: into a program, or to another computer's files, which are told who asks.
LED_ASTRAY = re.compile(
    r"\s*(javascript|vbscript|data|smb|ms-[\w-]*):|\s*([\\/]{2}|file:(?!/{0,3}[a-z]:))", re.IGNORECASE
)
PROGRAMS = {"/PS"}
PICTURES = (["/DCTDecode"], ["/JPXDecode"])
MAPPINGS = (pikepdf.Dictionary, pikepdf.Stream)


def check(content):
    """Raise Found, or whatever pikepdf raises, unless it is a PDF and no more than one."""
    refuse_archive(content)
    if END in content:
        refuse_behind(content.rpartition(END)[2])
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise Found("protected")
            if not document.pages:
                raise Found("broken")
            for page in document.pages:
                page.mediabox  # noqa: B018 - reading it is the test: the page is really there
            for thing in _mappings(document):
                _refuse_active(thing)
    except pikepdf.PasswordError:
        raise Found("protected") from None


def cleaned(content):
    """The PDF's bytes without author, programs, times, thumbnails, older versions and pictures' own data.

    What a signature signed is no longer what it says, so that goes too; how it looks on the page stays.
    """
    with pikepdf.open(io.BytesIO(content)) as document:
        _drop(document.trailer, "/Info", "/ID")
        _drop(document.Root, "/Perms", "/DSS", "/SpiderInfo")
        for thing in _mappings(document):
            _forget(document, thing)
        made = io.BytesIO()
        document.save(made, deterministic_id=True, fix_metadata_version=False)
        return made.getvalue()


def _mappings(document):
    """Every dictionary and stream, those that lie in another without a number of their own among them."""
    for thing in document.objects:
        waiting = [thing]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, MAPPINGS):
                yield thing
                inside = [thing.get(key) for key in thing.keys()]  # noqa: SIM118 - a stream has no other way
            elif isinstance(thing, pikepdf.Array):
                inside = list(thing)
            else:
                continue
            waiting += [
                one for one in inside if isinstance(one, (*MAPPINGS, pikepdf.Array)) and not one.is_indirect
            ]


def _refuse_active(thing):
    if (
        any(key in thing for key in ACTIVE_KEYS)
        or str(thing.get("/S", "")) in ACTIONS
        or str(thing.get("/Type", "")) == "/EmbeddedFile"
        or ("/Rect" in thing and str(thing.get("/Subtype", "")) in ACTIVE_ANNOTATIONS)
        or _acts_by_itself(thing)
        or _lies_elsewhere(thing)
        or _leads_astray(thing)
    ):
        raise Found("active")


def _acts_by_itself(thing):
    """Whether opening the file or a page, or passing over something, does more than go to a page."""
    begun = [thing.get("/OpenAction")] if "/OpenAction" in thing else []
    if isinstance(moments := thing.get("/AA"), pikepdf.Dictionary):
        begun += [moments.get(moment) for moment in moments.keys()]  # noqa: SIM118 - as above
    if str(thing.get("/S", "")) in BY_ITSELF:
        following = thing.get("/Next")
        begun += following if isinstance(following, pikepdf.Array) else [following]
    return any(
        isinstance(one, pikepdf.Dictionary) and str(one.get("/S", "")) not in BY_ITSELF for one in begun
    )


def _lies_elsewhere(thing):
    """Whether a reader fetches this from another file or computer, or runs it."""
    if not isinstance(thing, pikepdf.Stream):
        return False
    return (
        "/F" in thing
        or "/Ref" in thing
        or PROGRAMS & {str(thing.get(key)) for key in ("/Subtype", "/Subtype2")}
    )


def _leads_astray(thing):
    """Whether a link leads where none should."""
    if str(thing.get("/S", "")) == "/GoToR":
        place = thing.get("/F")
        if isinstance(place, pikepdf.Dictionary):
            if "/FS" in place:
                return True
            places = [place.get(key) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac")]
        else:
            places = [place]
    else:
        places = [thing.get("/URI")]
    return any(isinstance(one, pikepdf.String) and LED_ASTRAY.match(str(one)) for one in places)


def _forget(document, thing):
    kind, subtype = str(thing.get("/Type", "")), str(thing.get("/Subtype", ""))
    if kind == "/Catalog" or isinstance(thing.get("/Metadata"), pikepdf.Stream):
        _drop(thing, "/Metadata")
    if isinstance(thing, pikepdf.Stream) and (kind == "/Metadata" or subtype == "/XML"):
        thing.write(b"")  # whatever else still names it
    if kind in {"/Page", "/Catalog"} or subtype in {"/Form", "/Image"}:
        _drop(thing, "/PieceInfo", "/LastModified")
    if kind == "/Page":
        _drop(thing, "/Thumb")
    if "/Rect" in thing and subtype not in {"", "/Widget"}:
        _drop(thing, "/T", "/M", "/CreationDate", "/NM")
    if str(thing.get("/FT", "")) == "/Sig":
        _drop(thing, "/V")
    if isinstance(thing, pikepdf.Stream) and _filters(thing)[-1:] in PICTURES:
        _strip_picture(document, thing)


def _drop(thing, *keys):
    for key in keys:
        if key in thing:
            del thing[key]


def _filters(stream):
    """What a stream is packed in, the outermost first."""
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return [str(one) for one in filters]
    return [] if filters is None else [str(filters)]


def _strip_picture(document, stream):
    """A picture that lies in other wrappings is taken out of them: they only make it longer."""
    wrappings, parms = _filters(stream)[:-1], stream.get("/DecodeParms")
    given = stream.read_raw_bytes()
    if wrappings:
        wrapped = pikepdf.Stream(document, given)
        wrapped.Filter = pikepdf.Array([pikepdf.Name(one) for one in wrappings])
        if isinstance(parms, pikepdf.Array):
            wrapped.DecodeParms = pikepdf.Array(list(parms)[:-1])
            parms = parms[-1] if len(parms) > len(wrappings) else None
        given = wrapped.read_bytes()
    kept = picture_without_data(given)
    if wrappings or kept != given:
        parms = parms if isinstance(parms, (pikepdf.Dictionary, pikepdf.Array)) else None
        stream.write(kept, filter=pikepdf.Name(_filters(stream)[-1]), decode_parms=parms)
