"""Lays one file out on A4 pages, in a process of its own: `python -m reviews.one_paper pdf in.pdf out.pdf`.

Prints how many pages it made, or nothing where it cannot. A file made to swell or to crash its reader ends
this process and no other, which is why nothing here imports Django. What a page does, rather than shows, is
lost: links, scripts and fields; what was filled in is kept as it looks.
"""

import io
import resource
import sys
import warnings

MEMORY = 768 * 1024**2
SECONDS = 30
PAGES = 400
PIXELS = 60_000_000
SIDE = 2000
"""Pixels, of a picture's longer side: sharp on A4, and no larger than it need be."""

WIDTH, HEIGHT = 595.28, 841.89
"""A4 in points."""
BOX = (45, 60, WIDTH - 45, HEIGHT - 40)
"""Where the page of the file goes, clear of the bundle's own page number."""


def pdf(path, out):
    import pikepdf

    with pikepdf.open(path) as source:
        if len(source.pages) > PAGES:
            raise ValueError("too many pages")
        source.flatten_annotations("print")
        return _lay_out(source, out)


def picture(path, out):
    import pikepdf
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(path, formats=["JPEG", "PNG"]) as opened:
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((SIDE, SIDE))
        plain = Image.new("RGB", upright.size, "white")
        see_through = upright.convert("RGBA")
        plain.paste(see_through, mask=see_through.getchannel("A"))
    page = io.BytesIO()
    plain.save(page, "PDF", resolution=150)
    with pikepdf.open(page) as source:
        return _lay_out(source, out)


def _lay_out(source, out):
    import pikepdf

    with pikepdf.new() as made:
        for page in source.pages:
            sheet = made.add_blank_page(page_size=(WIDTH, HEIGHT))
            # As add_overlay does, which draws lots for a name: the same file is to give the same bytes.
            drawn = made.copy_foreign(page.as_form_xobject())
            name = sheet.add_resource(drawn, pikepdf.Name.XObject, pikepdf.Name.Given)
            sheet.contents_add(sheet.calc_form_xobject_placement(drawn, name, pikepdf.Rectangle(*BOX)))
        made.save(out)
        return len(made.pages)


READERS = {"pdf": pdf, "picture": picture}

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    print(READERS[sys.argv[1]](sys.argv[2], sys.argv[3]))
