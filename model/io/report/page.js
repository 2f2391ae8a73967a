"use strict";
(function () {
  var LEFT = 520, RIGHT = 3900, TOP = 260, BOTTOM = 2120, LEAST = 12;
  var NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  var SVG = "http://www.w3.org/2000/svg";
  function all(root, what) { return Array.prototype.slice.call(root.querySelectorAll(what)); }
  function month(m) { return NAMES[m % 12] + " " + Math.floor(m / 12); }
  function numbers(text) {
    return (text || "").split(",").map(function (t) { return t === "" ? NaN : Number(t); });
  }

  /* Theme: as the system has it, light, dark. */
  var theme = document.getElementById("theme"), themes = ["auto", "light", "dark"], chosen = 0;
  function setTheme() {
    theme.textContent = "Theme: " + themes[chosen];
    if (chosen) document.documentElement.setAttribute("data-theme", themes[chosen]);
    else document.documentElement.removeAttribute("data-theme");
  }
  theme.hidden = false;
  theme.addEventListener("click", function () { chosen = (chosen + 1) % 3; setTheme(); });
  setTheme();

  /* A click on the legend hides a series and shows it again. */
  all(document, ".legend .key").forEach(function (key) {
    key.addEventListener("click", function () {
      var on = key.getAttribute("aria-pressed") !== "true";
      key.setAttribute("aria-pressed", String(on));
      all(key.closest("figure"), "svg .s." + /c\d/.exec(key.className)[0]).forEach(function (s) {
        s.classList.toggle("off", !on);
      });
    });
  });

  /* Charts over months: zoom by buttons, keys, wheel with control and by dragging; read a month. */
  function Chart(figure) {
    var svg = figure.querySelector("svg"), read = figure.querySelector(".read");
    var zoom = svg.querySelector(".zoom");
    var years = all(svg, ".year"), series = all(svg, ".s").map(function (s) {
      var given = s.dataset.as ? document.getElementById(s.dataset.as).dataset : s.dataset;
      return { group: s, name: given.name, from: Number(given.from), v: numbers(given.v),
        lo: given.lo ? numbers(given.lo) : null, hi: given.hi ? numbers(given.hi) : null };
    });
    var first = Infinity, last = -Infinity;
    series.forEach(function (s) {
      first = Math.min(first, s.from);
      last = Math.max(last, s.from + s.v.length - 1);
    });
    if (!(last > first)) return;
    var from = first, to = last, at = null, down = null, added = years.length === 0;
    var cursor = document.createElementNS(SVG, "path");
    cursor.setAttribute("class", "cursor off");
    svg.appendChild(cursor);

    function x(m) { return LEFT + (m - from) / (to - from) * (RIGHT - LEFT); }
    function monthAt(event) {
      var box = svg.getBoundingClientRect();
      var u = (event.clientX - box.left) / box.width * 4000;
      return Math.max(from, Math.min(to, Math.round(from + (u - LEFT) / (RIGHT - LEFT) * (to - from))));
    }
    function add_years() {
      var there = years.map(function (year) { return year.textContent; });
      added = true;
      for (var y = Math.ceil(first / 12); y <= last / 12; y++) {
        if (there.indexOf(String(y)) >= 0) continue;
        var year = years[0].cloneNode(false);
        year.textContent = y;
        year.dataset.minor = "1";
        years[0].parentNode.appendChild(year);
        years.push(year);
      }
    }
    function show() {
      var k = (last - first) / (to - from);
      var shift = x(first) - k * LEFT;
      zoom.setAttribute("transform", "matrix(" + k + " 0 0 1 " + shift + " 0)");
      var wide = to - from > 84;
      if (!wide && !added) add_years();
      years.forEach(function (year) {
        var m = 12 * Number(year.textContent);
        year.setAttribute("x", x(m));
        year.classList.toggle("off", m < from || m > to || x(m) >= RIGHT - 100);
        year.classList.toggle("minor", wide && year.dataset.minor === "1");
      });
      point();
    }
    function say(value) { return isNaN(value) ? "\u2013" : value.toLocaleString("en-CA", { maximumSignificantDigits: 4 }); }
    function point() {
      cursor.classList.toggle("off", at === null || at < from || at > to);
      if (at === null) {
        read.textContent = from === first && to === last ? "" : month(from) + " to " + month(to);
        return;
      }
      cursor.setAttribute("d", "M" + x(at) + " " + TOP + "V" + BOTTOM);
      read.textContent = month(at) + ": " + series.filter(function (s) {
        return !s.group.classList.contains("off") && !isNaN(s.v[at - s.from]);
      }).map(function (s) {
        var i = at - s.from, text = s.name + " " + say(s.v[i]);
        if (s.lo && !isNaN(s.lo[i])) text += " (" + say(s.lo[i]) + " to " + say(s.hi[i]) + ")";
        return text;
      }).join("; ");
    }
    function look(low, high) {
      var span = Math.max(LEAST, Math.min(last - first, Math.round(high - low)));
      from = Math.max(first, Math.min(last - span, Math.round(low)));
      to = from + span;
      show();
    }
    function scale(factor) {
      var middle = at === null ? (from + to) / 2 : at, span = (to - from) * factor;
      var share = (middle - from) / (to - from);
      look(middle - share * span, middle - share * span + span);
    }
    function all_of_it() { at = null; look(first, last); }
    var tools = document.createElement("div");
    tools.className = "tools";
    [["\u2212", "zoom out", function () { scale(2); }], ["+", "zoom in", function () { scale(0.5); }],
      ["all", "show all months", all_of_it]].forEach(function (b) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = b[0];
      button.setAttribute("aria-label", b[1]);
      button.addEventListener("click", b[2]);
      tools.appendChild(button);
    });
    var legend = figure.querySelector(".legend");
    (legend || figure).appendChild(tools);

    svg.addEventListener("pointerdown", function (e) { if (e.pointerType === "mouse") down = monthAt(e); });
    svg.addEventListener("pointermove", function (e) { at = monthAt(e); point(); });
    svg.addEventListener("pointerup", function (e) {
      var up = monthAt(e);
      if (down !== null && Math.abs(up - down) >= 3) look(Math.min(up, down), Math.max(up, down));
      down = null;
    });
    svg.addEventListener("pointerleave", function () { at = null; down = null; point(); });
    svg.addEventListener("dblclick", all_of_it);
    svg.addEventListener("keydown", function (e) {
      var step = e.shiftKey ? 12 : 1, now = at === null ? from : at;
      if (e.ctrlKey || e.altKey || e.metaKey) return;
      if (e.key === "ArrowRight") at = Math.min(last, at === null ? from : now + step);
      else if (e.key === "ArrowLeft") at = Math.max(first, at === null ? to : now - step);
      else if (e.key === "Home") at = from;
      else if (e.key === "End") at = to;
      else if (e.key === "+" || e.key === "=") scale(0.5);
      else if (e.key === "-") scale(2);
      else if (e.key === "0" || e.key === "Escape") all_of_it();
      else return;
      e.preventDefault();
      if (at !== null && at > to) look(from + at - to, at);
      else if (at !== null && at < from) look(at, to - (from - at));
      else point();
    });
    figure.addEventListener("click", point);
  }
  all(document, "figure.time").forEach(Chart);

  /* A link to a closed policy opens it; paper has them all open. */
  function open(id) {
    var target = id && document.getElementById(id.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  }
  window.addEventListener("hashchange", function () { open(location.hash); });
  all(document, "a[href^='#']").forEach(function (a) {
    a.addEventListener("click", function () { open(a.getAttribute("href")); });
  });
  window.addEventListener("beforeprint", function () {
    all(document, "details.policy").forEach(function (d) { d.open = true; });
  });
  open(location.hash);
})();
