(() => {
  "use strict";
  const root = document.documentElement;
  const palettes = JSON.parse(document.getElementById("palette").textContent);
  const figures = new Map();

  // Theme: the choice of the reader, else that of the system; `#theme=dark` in the address for links and tests.

  const asked = /(?:^#|&)theme=(light|dark)/.exec(location.hash);
  const system = matchMedia("(prefers-color-scheme: dark)");
  if (asked) root.dataset.theme = asked[1];
  const theme = () => root.dataset.theme || (system.matches ? "dark" : "light");
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    redraw();
  });
  system.addEventListener("change", redraw);

  // Colours are tokens, with an opacity after a slash.

  const colourKeys = new Set(["color", "fillcolor"]);
  function coloured(spec, colours) {
    return JSON.parse(JSON.stringify(spec), (key, value) => {
      if (!colourKeys.has(key) || typeof value !== "string" || value[0] !== "@") return value;
      const [token, opacity] = value.split("/");
      if (!opacity) return colours[token];
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colours[token].slice(at, at + 2), 16));
      return `rgba(${red},${green},${blue},${opacity})`;
    });
  }

  // Images: the pixels of the still picture; their colours say their levels.

  const lookups = new Map();
  function lookup(palette) {
    if (!lookups.has(palette)) {
      const levels = new Map();
      palette_levels(palette).forEach((colour, level) => levels.set(colour, level));
      lookups.set(palette, levels);
    }
    return lookups.get(palette);
  }
  const palette_levels = (palette) => palettes.pictures[palette].match(/.{6}/g).map((hex) => parseInt(hex, 16));

  async function decoded(element, { palette, lo, hi }) {
    const image = new Image();
    image.src = element.getAttribute("href");
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const levels = lookup(palette);
    const step = (hi - lo) / (palette_levels(palette).length - 1);
    // The lowest row first.
    return Array.from({ length: height }, (_, row) =>
      Float64Array.from({ length: width }, (_, column) => {
        const at = 4 * ((height - 1 - row) * width + column);
        const level = levels.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
        return level === undefined ? NaN : lo + step * level;
      }));
  }

  async function read(figure) {
    const spec = JSON.parse(figure.querySelector("script").textContent);
    const stills = [...figure.querySelectorAll(".still image.map")];
    const image = (trace) => (trace.type === "heatmap" ? decoded(stills.shift(), trace.pixels) : null);
    spec.images = await Promise.all(spec.panels.map((panel) => Promise.all(panel.data.map(image))));
    return spec;
  }

  function load(figure) {
    if (!figures.has(figure)) figures.set(figure, read(figure));
    return figures.get(figure);
  }

  // Drawing

  const font = { family: "Inter, system-ui, sans-serif", size: 11.5 };

  function axis(spec, colours) {
    const { label, mirror, ...rest } = spec;
    return {
      ...rest, automargin: !mirror, zeroline: false, showline: true, mirror: mirror ? true : false,
      title: { ...rest.title, standoff: 8, font: { size: 12 } },
      linecolor: colours["@text"], linewidth: 0.8, tickcolor: colours["@text"], ticks: "outside", ticklen: 4, tickwidth: 0.8,
      gridcolor: colours["@grid"], gridwidth: 0.8,
    };
  }

  const isNamed = (panel) => [...panel.data, ...panel.layout.shapes].some((item) => item.name && item.showlegend !== false);

  // Space left and right of a plot.
  const left = (panel) => (panel.layout.yaxis.title.text ? 52 : 34);
  const right = (panel) => (panel.data.some((trace) => trace.showscale) ? 68 : 12);

  function layoutOf(panel, width, room, colours) {
    const { xaxis, yaxis, shapes, twin } = panel.layout;
    const bar = panel.data.some((trace) => trace.type === "heatmap");
    const margin = { l: left(panel), r: right(panel), t: room + (twin ? 26 : 0), b: 44 };
    const inner = Math.max(width - margin.l - margin.r, 60);
    const rows = yaxis.ticktext?.length ?? 0;
    const free = rows ? Math.max(18 * rows + 20, 60) : Math.min(Math.max(0.66 * inner, 190), 330);
    const height = panel.aspect ? Math.min(inner * panel.aspect, 560) : free;
    const layout = {
      width, height: height + margin.t + margin.b, margin, font: { ...font, color: colours["@text"] },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: bar ? colours["@missing"] : "rgba(0,0,0,0)",
      xaxis: axis(xaxis, colours), yaxis: axis(yaxis, colours), shapes: coloured(shapes, colours),
      showlegend: isNamed(panel), legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", font: { size: 11 }, bgcolor: "rgba(0,0,0,0)" },
      hoverlabel: { font }, dragmode: "zoom",
      modebar: { bgcolor: "rgba(0,0,0,0)", color: colours["@faint"], activecolor: colours["@text"] },
    };
    if (twin) {
      layout.xaxis2 = { ...axis({ ...xaxis, title: { text: "" } }, colours), overlaying: "x", side: "top", tickmode: "auto", nticks: 6, showgrid: false, ...twinned(xaxis.range, twin) };
      layout.legend.y = 1.14;
    }
    if (panel.aspect) {
      layout.yaxis.scaleanchor = "x";
      layout.xaxis.constrain = layout.yaxis.constrain = "domain";
    }
    return layout;
  }

  // The second scale of a horizontal axis follows the first.
  const twinned = (range, { label, per }) => ({ range: range.map((end) => end / per), title: { text: label, standoff: 2, font: { size: 11 } } });

  // An axis is drawn only where something stands on it.
  const onTwin = { type: "scatter", x: [null], y: [null], xaxis: "x2", showlegend: false, hoverinfo: "skip" };

  function tracesOf(panel, images, colours) {
    const drawn = panel.layout.twin ? [...panel.data, onTwin] : panel.data;
    return coloured(drawn, colours).map((trace, index) => {
      const { label, log, pixels, ...plain } = trace;
      if (trace.type !== "heatmap") return plain;
      const title = { ...plain.colorbar.title, font: { size: 12 } };
      const bar = { ...plain.colorbar, title, thickness: 11, outlinewidth: 0.8, outlinecolor: colours["@text"], ticks: "outside", ticklen: 4, tickwidth: 0.8, tickcolor: colours["@text"], x: 1.02, xpad: 4, ypad: 0, len: 1 };
      return { ...plain, z: images[index], zsmooth: false, hoverongaps: false, colorbar: bar };
    });
  }

  // Side by side, all plots have the same width, whatever stands left and right of them.
  function setColumns(live, { columns, panels }) {
    if (!columns || matchMedia("(max-width: 48rem)").matches) { live.style.gridTemplateColumns = ""; return; }
    const of = (column) => panels.filter((_, index) => index % columns === column);
    const beside = Array.from({ length: columns }, (_, column) => Math.max(...of(column).map((panel) => left(panel) + right(panel))));
    const gap = parseFloat(getComputedStyle(live).columnGap) || 0;
    const room = live.clientWidth - gap * (columns - 1) - beside.reduce((sum, width) => sum + width, 0);
    const inner = Math.min(Math.max(room / columns, 60), 420);
    live.style.gridTemplateColumns = beside.map((width) => `${inner + width}px`).join(" ");
  }

  async function draw(figure) {
    const spec = await load(figure);
    setColumns(figure.querySelector(".live"), spec);
    const colours = palettes[theme()];
    // Panels side by side stay level when only one of them has a legend.
    const room = spec.panels.some(isNamed) ? 38 : 8;
    figure.querySelectorAll(".plot").forEach((plot, index) => {
      const panel = spec.panels[index];
      const config = {
        displaylogo: false, displayModeBar: true, responsive: false,
        modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
        toImageButtonOptions: { format: "svg", filename: `${spec.key}-${index + 1}` },
      };
      Plotly.react(plot, tracesOf(panel, spec.images[index], colours), layoutOf(panel, plot.clientWidth, room, colours), config);
      const { twin } = panel.layout;
      if (twin && !plot.followed) {
        plot.followed = true;
        plot.on("plotly_relayout", (change) => {
          if (!Object.keys(change).some((key) => key.startsWith("xaxis.") || key === "autosize")) return;
          Plotly.relayout(plot, { "xaxis2.range": twinned(plot.layout.xaxis.range, twin).range });
        });
      }
    });
  }

  function redraw() {
    figures.forEach((_, figure) => { if (figure.offsetParent !== null) draw(figure); else figures.delete(figure); });
  }

  if (window.Plotly) {
    root.classList.add("scripted");
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting && !figures.has(entry.target)) draw(entry.target);
    }, { rootMargin: "600px" });
    document.querySelectorAll("figure.figure").forEach((figure) => seen.observe(figure));
    let waiting;
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(redraw, 120);
    });
  }

  // Saving

  function save(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const field = (value) => {
    const text = value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const record = (values) => values.map(field).join(",");
  const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

  function imageRows(trace, image) {
    const value = (z) => (trace.log ? 10 ** z : z);
    return image.flatMap((row, i) => Array.from(row, (z, j) => record([trace.label, trace.x0 + j * trace.dx, trace.y0 + i * trace.dy, "", "", "", "", value(z)])));
  }

  function seriesRows(trace) {
    const ends = (bars, values, i) => (bars ? [values[i] - bars.arrayminus[i], values[i] + bars.array[i]] : ["", ""]);
    return trace.x.map((x, i) => record([plain(trace.name), x, trace.y[i], ...ends(trace.error_x, trace.x, i), ...ends(trace.error_y, trace.y, i), ""]));
  }

  async function figureCsv(figure) {
    const spec = await load(figure);
    return spec.panels.map((panel, index) => {
      const { xaxis, yaxis, shapes } = panel.layout;
      const x = xaxis.label || "x", y = yaxis.label || "y";
      const head = record(["series", x, y, `${x} low`, `${x} high`, `${y} low`, `${y} high`, "value as drawn"]);
      const rows = panel.data.filter((trace) => trace.hoverinfo !== "skip" || trace.fill === "toself")
        .flatMap((trace) => (trace.type === "heatmap" ? imageRows(trace, spec.images[index][panel.data.indexOf(trace)]) : seriesRows(trace)));
      const rules = shapes.map((rule) => record([plain(rule.name), rule.yref ? rule.x0 : "", rule.yref ? "" : rule.y0, "", "", "", "", ""]));
      return [head, ...rows, ...rules].join("\n");
    }).join("\n\n") + "\n";
  }

  function stillSvg(figure) {
    const text = new XMLSerializer().serializeToString(figure.querySelector(".still svg"));
    return new Blob([text], { type: "image/svg+xml" });
  }

  function savePng(figure, name) {
    const svg = figure.querySelector(".still svg");
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      const scale = 3;
      canvas.width = scale * svg.width.baseVal.value;
      canvas.height = scale * svg.height.baseVal.value;
      const context = canvas.getContext("2d");
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(name, blob));
      URL.revokeObjectURL(image.src);
    };
    image.src = URL.createObjectURL(stillSvg(figure));
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-save]");
    if (!button) return;
    const kind = button.dataset.save;
    if (kind === "table") {
      const text = JSON.parse(button.closest("details").querySelector("script").textContent);
      save(`${button.dataset.name}.csv`, new Blob([text], { type: "text/csv" }));
      return;
    }
    const figure = button.closest("figure");
    const name = `${(await load(figure)).key}.${kind}`;
    if (kind === "svg") save(name, stillSvg(figure));
    if (kind === "png") savePng(figure, name);
    if (kind === "csv") save(name, new Blob([await figureCsv(figure)], { type: "text/csv" }));
  });

  // A link into a folded part unfolds it.

  function reveal() {
    const target = location.hash.length > 1 && !asked ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target) target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
