#!/usr/bin/env python3
"""Opens pages of `allostat report` in headless Chromium: browse_page.py BASE.h5 ONE.html MANY.html [PICTURES]

ONE has one policy, MANY several; PICTURES is a folder that gets what was seen, as PNG and PDF.
"""

import base64
import json
import pathlib
import re
import sys

import xarray
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

LAPTOP, PHONE, A4 = (1280, 800), (360, 740), (718, 1020)  # A4: what the margins leave, at 96 dots an inch
passed = failed = 0

# Texts of pictures that leave their picture or lie upon another, and elements wider than the page.
MISFITS = r"""
const bad = [], inner = r => ({l: r.left + 1, r: r.right - 1, t: r.top + r.height * .22, b: r.bottom - r.height * .22});
for (const svg of document.querySelectorAll('svg.chart')) {
  const box = svg.getBoundingClientRect(), seen = [];
  if (box.width === 0) continue;
  for (const text of svg.querySelectorAll('text')) {
    const r = text.getBoundingClientRect();
    if (r.width === 0) continue;
    const name = svg.closest('figure').id + ': ' + text.textContent;
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 3)
      bad.push('cut: ' + name);
    const a = inner(r);
    for (const [other, b] of seen)
      if (a.l < b.r && b.l < a.r && a.t < b.b && b.t < a.b) bad.push('upon another: ' + name + ' / ' + other);
    seen.push([text.textContent, a]);
  }
}
const width = document.documentElement.clientWidth;
for (const e of document.querySelectorAll('h1,h2,h3,h4,p,li,button,figure,figcaption,summary,output,pre,.scroll')) {
  const r = e.getBoundingClientRect();
  if (r.width > 0 && (r.right > width + 1 || r.left < -1)) bad.push('too wide: ' + e.tagName + ' ' + e.textContent.slice(0, 60));
  if (e.tagName !== 'PRE' && !e.classList.contains('scroll') && r.width > 0 && e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0)
    bad.push('cut: ' + e.tagName + ' ' + e.textContent.slice(0, 60));
}
if (document.documentElement.scrollWidth > width) bad.push('the page scrolls sideways');
return bad;
"""


def check(name, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'ok' if good else 'not ok'} {name}" + (f"\n# {detail}" if not good else ""))


def start():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


browser = start()


def show(page, size, scheme="light", media=""):
    send = browser.execute_cdp_cmd
    send("Emulation.setDeviceMetricsOverride", dict(width=size[0], height=size[1], deviceScaleFactor=1, mobile=False))
    send("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})
    browser.get(pathlib.Path(page).resolve().as_uri())


def keep(name):
    if len(sys.argv) > 4:
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {})["data"]
        pathlib.Path(sys.argv[4], name + ".png").write_bytes(base64.b64decode(shot))


def requests():
    """Addresses that were asked for since the last call."""
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"]


def script(text, *arguments):
    return browser.execute_script(text, *arguments)


def fits(page, label):
    for name, size, media in (("phone", PHONE, ""), ("laptop", LAPTOP, ""), ("A4", A4, "print")):
        show(page, size, media=media)
        script("document.querySelectorAll('details.policy').forEach(d => d.open = true)")
        bad = script(MISFITS)
        check(f"{label}: nothing is cut or overlaps, {name}", not bad, "\n# ".join(bad[:12]))
        keep(f"{label}_{name}")
    show(page, LAPTOP, "dark")
    keep(f"{label}_dark")


def colour():
    return script("return getComputedStyle(document.body).backgroundColor")


def theme(page):
    show(page, LAPTOP)
    button, light = browser.find_element(By.ID, "theme"), colour()
    button.click()
    check("the theme light is light", colour() == light)
    button.click()
    check("the theme dark is dark", colour() != light and "dark" in button.text, colour())
    button.click()
    check("then it is as the system has it", colour() == light and "auto" in button.text)
    show(page, LAPTOP, "dark")
    check("a dark system has a dark page", colour() != light)


def chart(title):
    return next(f for f in browser.find_elements(By.CSS_SELECTOR, "figure.time")
                if f.find_element(By.TAG_NAME, "h4").text == title)


def legend(page):
    show(page, LAPTOP)
    figure = chart("Deaths by overdose")
    key = figure.find_element(By.CSS_SELECTOR, ".key.c2")
    line = figure.find_element(By.CSS_SELECTOR, "svg .s.c2 .l")
    check("a series is there", line.is_displayed())
    key.click()
    check("a click on the legend hides it", not line.is_displayed() and key.get_attribute("aria-pressed") == "false")
    key.send_keys(Keys.SPACE)
    check("a key shows it again", line.is_displayed() and key.get_attribute("aria-pressed") == "true")


def zoom(page):
    show(page, LAPTOP)
    figure = chart("Deaths by overdose")
    plot = figure.find_element(By.CSS_SELECTOR, ".zoom")
    buttons = figure.find_elements(By.CSS_SELECTOR, ".tools button")
    length = "return arguments[0].getBoundingClientRect().width"
    before = script(length, plot)
    buttons[1].click()
    check("zoom in makes the lines longer", script(length, plot) > 1.8 * before)
    read = figure.find_element(By.CSS_SELECTOR, ".read").text
    check("and says which months are shown", re.fullmatch(r"\w+ \d{4} to \w+ \d{4}", read), read)
    check("the years fit", not script(MISFITS), script(MISFITS)[:4])
    buttons[2].click()
    check("all months come back", abs(script(length, plot) - before) < 1)


def read_value(page, path):
    """By keys to the 25th month: what is told is the mean of the replicates in the file."""
    show(page, LAPTOP)
    run = xarray.open_dataset(path, engine="h5netcdf")
    deaths = run.overdose_deaths.sum(["area", "sex", "age_group"]).transpose("replicate", "month").values[:, 24]
    figure = chart("Deaths by overdose")
    svg = figure.find_element(By.TAG_NAME, "svg")
    script("arguments[0].focus()", svg)
    svg.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 24)
    text = figure.find_element(By.CSS_SELECTOR, ".read").text
    told = re.search(r"base ([\d.,]+) \(([\d.,]+) to ([\d.,]+)\)", text)
    check("keys read a month", text.startswith("Jan 2017: ") and told, text)
    numbers = [float(number.replace(",", "")) for number in told.groups()] if told else [0, 0, 0]
    wanted = [deaths.mean(), deaths.min(), deaths.max()]
    check("the value is that of the file", all(abs(a - b) <= 5e-4 * max(1, b) for a, b in zip(numbers, wanted)),
          f"{numbers} {wanted}")
    box = svg.rect
    script("arguments[0].dispatchEvent(new PointerEvent('pointermove', {clientX: arguments[1], clientY: 100, bubbles: true}))",
           svg, script("return arguments[0].getBoundingClientRect().left", svg) + box["width"] / 2)
    check("the pointer reads a month, too", re.match(r"\w{3} \d{4}: base ", figure.find_element(By.CSS_SELECTOR, ".read").text))


def paper(page):
    show(page, LAPTOP)
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})["data"])
    sizes = {tuple(round(float(x)) for x in box.split()) for box in re.findall(rb"/MediaBox ?\[([\d. ]+)\]", pdf)}
    check("it prints on A4", pdf[:5] == b"%PDF-" and all(abs(s[2] - 595) < 2 and abs(s[3] - 842) < 2 for s in sizes), sizes)
    if len(sys.argv) > 4:
        pathlib.Path(sys.argv[4], "print.pdf").write_bytes(pdf)


def links(page):
    show(page, LAPTOP)
    second = browser.find_element(By.ID, "policy2")
    check("the second policy is closed", second.get_attribute("open") is None)
    browser.find_element(By.CSS_SELECTOR, "a[href='#policy2']").click()
    check("a link opens it", second.get_attribute("open") is not None)


base, one, many = sys.argv[1:4]
try:
    fits(one, "one")
    fits(many, "many")
    theme(one)
    legend(one)
    zoom(one)
    read_value(one, base)
    paper(one)
    links(many)
    said = browser.get_log("browser")
    check("nothing on the console", not said, said[:3])
    asked = [url for url in requests() if not url.startswith(("file:", "data:"))]
    check("nothing from the network", not asked, asked[:3])
finally:
    browser.quit()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
