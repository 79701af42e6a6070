// Line icons drawn for this page, 20 by 20.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M12.5 4.5 7 10l5.5 5.5",
  bolt: "M11 2.5 4.5 11.5H9.5L9 17.5 15.5 8.5H10.5z",
  caret: "M5.5 8 10 12.5 14.5 8",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  clock: "M10 3a7 7 0 1 0 .01 0zM10 6v4l2.700 2",
  close: "M5 5 15 15M15 5 5 15",
  copy: "M7 7V4.5h8.5V13H13M4.5 7H13v8.5H4.5z",
  dots: "M4.9 10h.2M9.9 10h.2M14.9 10h.2",
  down: "M10 4v11M5.5 11 10 15.5 14.5 11",
  eye: "M2.5 10C4.5 6.5 7 5 10 5s5.500 1.500 7.500 5c-2 3.500-4.500 5-7.500 5s-5.500-1.500-7.500-5zM10 7.700a2.300 2.300 0 1 0 .01 0z",
  hash: "M8 3.500 6.500 16.500M13.500 3.500 12 16.500M3.500 7.500h13.500M3 12.500h13.500",
  home: "M3.500 9.500 10 4l6.500 5.500M5.500 8.500V16h3.200v-4h2.600v4h3.200V8.500",
  forward: "M3.500 5.500v9l6.500-4.500zM10 5.500v9l6.500-4.500z",
  leave: "M8 4H4.500v12H8M9 10h7.500M13 6.500 16.500 10 13 13.500",
  lock: "M5.500 9h9v7h-9zM7.500 9V6.500a2.500 2.500 0 0 1 5 0V9",
  mention: "M13 10a3 3 0 1 1-3-3 3 3 0 0 1 3 3zv1.200a2 2 0 0 0 4 0V10a7 7 0 1 0-2.700 5.500",
  menu: "M3.500 5.500h13M3.500 10h13M3.500 14.500h13",
  moon: "M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z",
  next: "M4.500 5v10l8-5zM15.500 5v10",
  people: "M7.500 9.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM2.500 16c.3-3 2.200-4.500 5-4.500s4.700 1.500 5 4.500M13 4.500a2.500 2.500 0 0 1 0 4.800M14.500 11.800c1.800.6 2.800 2 3 4.200",
  plus: "M10 4.500v11M4.500 10h11",
  react: "M9 4a6.5 6.5 0 1 0 6.4 5.400M6.500 12.200c1.200 1.700 3.800 1.700 5 0M6.900 8.700h.1M11 8.700h.1M15.200 2.500v5M12.700 5h5",
  reply: "M4 4.500h12v8.500H9l-4 3.500V13H4zM7 7.500h6M7 10h4",
  search: "M9 3.500a5.500 5.500 0 1 0 .01 0zM13 13l4 4",
  send: "M3.500 3.500 17 10 3.500 16.500 5.500 10zM5.500 10H11",
  smile: "M10 3a7 7 0 1 0 .01 0zM7.200 12c1.400 1.900 4.200 1.900 5.600 0M7.500 8h.1M12.400 8h.1",
  stop: "M6 6h8v8H6z",
  sun: "M10 6.500a3.500 3.500 0 1 0 .01 0zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100",
  warning: "M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14.200v.1",
};

export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

const HEDGEHOG = [
  ["#5b4636", "M6 29 4 25l3-1-3-4 4 0-2-5 5 1-1-5 5 3 1-5 4 4 3-4 2 5 4-2 0 5 4 0-2 4 3 2-2 3 1 5z"],
  ["#e9c9a3", "M21 31c-1-6 2-10 7-10 5 0 7 3 9 6 1 2-1 4-3 4z"],
  ["#e9c9a3", "M10 31h4v2h-4zM26 31h4v2h-4z"],
  ["#2b211a", "M28.500 24.500a1.200 1.200 0 1 0 .01 0zM36.500 26.500a1.500 1.500 0 1 0 .01 0z"],
];

/** The app's picture: a small hedgehog of our own. */
export function hedgehog() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 42 40");
  svg.setAttribute("aria-hidden", "true");
  for (const [fill, d] of HEDGEHOG) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("fill", fill);
    svg.append(path);
  }
  return svg;
}
