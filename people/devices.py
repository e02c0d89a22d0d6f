"""What a browser says of itself, in a few words that its owner knows again."""

import ipaddress

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def called(user_agent):
    """Edge on Windows; what cannot be told is left out."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def network(address):
    """The network of an address, without what names one computer in it: 203.0.113.x, or 2001:db8:5::x."""
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return address.rpartition(".")[0] + ".x"
    whole = ipaddress.ip_network(f"{address}/48", strict=False).network_address
    return f"{whole}x"
