'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const {dataset, samples, stats} = data;
const $ = id => document.getElementById(id);
const hue = i => (205 + i * 137.508) % 360;
const color = (i, alpha = 1) => `hsl(${hue(i)} 75% 62% / ${alpha})`;
const number = n => Number(n).toLocaleString('en');
const percent = x => (100 * x).toFixed(x > 0 && x < .1 ? 1 : 0) + ' %';
const sum = list => list.reduce((a, b) => a + b, 0);
// JSON for people: lists of numbers stay on one line.
const pretty = json => JSON.stringify(json, null, 2).replace(/\[\s+([-+.\deE,\s]+?)\s+\]/g, (_, list) => `[${list.replace(/\s+/g, ' ')}]`);

// An element; text never becomes markup.
function el(tag, attributes = {}, ...children) {
  const e = tag.startsWith('svg:') ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(4))
                                   : document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) {
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v); else e.setAttribute(k, v);
  }
  e.append(...children);
  return e;
}

// What is shown; the address's fragment sets it: #masks=1&boxes=0&class=mug&open=3
const wanted = new URLSearchParams(location.hash.slice(1));
const show = {boxes: true, masks: false, amodal: false, names: false, points: true};
for (const key in show) if (wanted.has(key)) show[key] = wanted.get(key) !== '0';
const off = new Set();
if (wanted.has('class')) {
  const keep = wanted.getAll('class');
  stats.classes.forEach((name, i) => keep.includes(name) || off.add(i));
}

// COCO's run lengths: down the columns, starting with background.
function runs(counts) {
  if (Array.isArray(counts)) return counts;
  const out = [];
  for (let i = 0; i < counts.length;) {
    let x = 0, k = 0, more = true;
    while (more) {
      const c = counts.charCodeAt(i++) - 48;
      x |= (c & 31) << 5 * k++;
      more = (c & 32) !== 0;
      if (!more && (c & 16)) x |= -1 << 5 * k;
    }
    out.push(out.length > 2 ? x + out[out.length - 2] : x);
  }
  return out;
}

function maskOf(rle) {
  const [height, width] = rle.size;
  const columns = new Uint8Array(width * height);
  let at = 0, inside = false;
  for (const n of runs(rle.counts)) {
    if (inside) columns.fill(1, at, at + n);
    at += n;
    inside = !inside;
  }
  return {width, height, has: (x, y) => x >= 0 && y >= 0 && x < width && y < height && columns[x * height + y]};
}

// The mask as a picture in one colour, as large as the image.
function painted(rle, hsl) {
  const mask = maskOf(rle);
  const canvas = el('canvas', {width: mask.width, height: mask.height});
  const context = canvas.getContext('2d');
  context.fillStyle = hsl;
  context.fillRect(0, 0, 1, 1);
  const rgba = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0];
  const pixels = context.createImageData(mask.width, mask.height);
  const words = new Uint32Array(pixels.data.buffer);
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++)
      if (mask.has(x, y)) words[y * mask.width + x] = rgba;
  context.putImageData(pixels, 0, 0);
  return canvas;
}

// The mask's border, pixel edge by pixel edge; edges in a row are one line.
function border(rle) {
  const mask = maskOf(rle), path = new Path2D();
  const walk = (lines, length, differs, point) => {
    for (let a = 0; a <= lines; a++)
      for (let b = 0; b < length; b++) {
        if (!differs(a, b)) continue;
        const from = b;
        while (b + 1 < length && differs(a, b + 1)) b++;
        path.moveTo(...point(a, from));
        path.lineTo(...point(a, b + 1));
      }
  };
  walk(mask.height, mask.width, (y, x) => !mask.has(x, y) !== !mask.has(x, y - 1), (y, x) => [x, y]);
  walk(mask.width, mask.height, (x, y) => !mask.has(x, y) !== !mask.has(x - 1, y), (x, y) => [x, y]);
  return path;
}

// Keypoints: full where they are visible, rings where they are hidden.
function points(context, a, unit) {
  a.keypoints.at.forEach((at, i) => {
    if (!at) return;
    context.beginPath();
    context.arc(...at, 3 * unit, 0, 2 * Math.PI);
    context.fillStyle = color(a.class);
    context.strokeStyle = a.keypoints.states[i] === 'visible' ? '#fff' : color(a.class);
    if (a.keypoints.states[i] === 'visible') context.fill();
    context.stroke();
  });
}

// One sample with what is switched on; the canvas will be about `width` pixels wide on the screen.
function draw(canvas, sample, width) {
  const context = canvas.getContext('2d'), scale = canvas.width / sample.width, unit = sample.width / width;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(sample.picture, 0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.lineWidth = 1.75 * unit;
  context.lineJoin = 'round';
  const visible = sample.annotations.filter(a => !off.has(a.class));
  for (const a of visible) {
    if (show.masks && a.visible) context.drawImage(a.paint ??= painted(a.visible, color(a.class, .55)), 0, 0);
    if (show.amodal && a.amodal) {
      context.strokeStyle = color(a.class);
      context.stroke(a.border ??= border(a.amodal));
    }
    if (show.boxes) {
      context.strokeStyle = color(a.class);
      context.setLineDash(a.crowd ? [5 * unit, 4 * unit] : []);  // neither hit nor miss
      context.strokeRect(...a.box);
      context.setLineDash([]);
    }
    if (show.points && a.keypoints) points(context, a, unit);
  }
  if (!show.names) return;
  const size = (width < 400 ? 10.5 : 13) * unit, pad = size * .35;
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const a of visible) {
    const text = a.crowd ? 'crowd' : stats.classes[a.class], wide = context.measureText(text).width + 2 * pad, tall = size * 1.5;
    const x = Math.max(0, Math.min(a.box[0], sample.width - wide));
    const y = Math.max(0, a.box[1] - tall);
    context.fillStyle = color(a.class);
    context.fillRect(x, y, wide, tall);
    context.fillStyle = '#111';
    context.fillText(text, x + pad, y + tall / 2);
  }
}

const replayOf = index => `orrery replay ${data.folder} ${index}`;
const has = sample => (sample.annotations.length === 0 && off.size === 0) || sample.annotations.some(a => !off.has(a.class));

function figure(sample) {
  const canvas = el('canvas', {width: sample.picture.naturalWidth, height: sample.picture.naturalHeight, tabindex: 0,
    role: 'button', 'aria-label': `sample ${sample.index}`});
  const names = [...new Set(sample.annotations.map(a => stats.classes[a.class]))].join(', ');
  const node = el('figure', {class: 'card', onclick: () => open(sample),
    onkeydown: e => (e.key === 'Enter' || e.key === ' ') && (e.preventDefault(), open(sample))},
    canvas, el('figcaption', {}, el('span', {}, `#${sample.index}`), el('span', {}, names || 'background only')));
  sample.redraw = () => {
    node.hidden = !has(sample);
    if (!node.hidden) draw(canvas, sample, 270);
  };
  return node;
}

let opened = null;
function open(sample) {
  opened = sample;
  const canvas = el('canvas', {width: sample.picture.naturalWidth * 2, height: sample.picture.naturalHeight * 2});
  draw(canvas, sample, 880);
  const shown = samples.filter(has), at = shown.indexOf(sample);
  const go = step => open(shown[(at + step + shown.length) % shown.length]);
  const rows = sample.annotations.map(a => el('tr', {}, el('td', {}, el('i', {class: 'dot', style: `background:${color(a.class)}`}),
    stats.classes[a.class]), el('td', {}, `${Math.round(a.box[2])} × ${Math.round(a.box[3])}`),
    el('td', {}, a.visible_fraction == null ? '–' : percent(a.visible_fraction)),
    el('td', {}, a.truncation == null ? '–' : percent(a.truncation))));
  $('zoom').replaceChildren(el('div', {class: 'inside'}, canvas, el('aside', {},
    el('div', {class: 'keys'}, el('button', {onclick: () => go(-1)}, '← before'), el('button', {onclick: () => go(1)}, 'next →'),
      el('button', {onclick: () => $('zoom').close()}, 'close')),
    el('h3', {}, `Sample ${sample.index}`), el('p', {class: 'soft'}, sample.file),
    el('table', {}, el('thead', {}, el('tr', {}, ...['class', 'box, px', 'visible', 'truncated'].map(t => el('th', {}, t)))),
      el('tbody', {}, ...rows)),
    el('h3', {}, 'Make it again'), el('pre', {}, replayOf(sample.index)),
    el('p', {}), el('h3', {}, 'Manifest'), el('pre', {}, pretty(sample.manifest)))));
  if (!$('zoom').open) $('zoom').showModal();
}
addEventListener('keydown', e => {
  if (!$('zoom').open) return;
  const shown = samples.filter(has), step = {ArrowLeft: -1, ArrowRight: 1}[e.key];
  if (step) open(shown[(shown.indexOf(opened) + step + shown.length) % shown.length]);
});
$('zoom').addEventListener('click', e => e.target === $('zoom') && $('zoom').close());

function refresh() {
  for (const sample of samples) sample.redraw();
  if ($('zoom').open) open(opened);
  charts();
}

function bar() {
  const toggle = (label, get, set, dot) => {
    const button = el('button', {'aria-pressed': get()}, ...(dot ? [dot] : []), label);
    button.addEventListener('click', () => { set(!get()); button.setAttribute('aria-pressed', get()); refresh(); });
    return button;
  };
  const words = {boxes: 'Boxes', masks: 'Masks', amodal: 'Amodal outlines', names: 'Names', points: 'Keypoints'};
  const kinds = Object.keys(show).filter(k => k !== 'points' || samples.some(s => s.annotations.some(a => a.keypoints)));
  $('bar').append(...kinds.map(k => toggle(words[k], () => show[k], v => { show[k] = v; })),
    el('span', {class: 'gap'}),
    ...stats.classes.map((name, i) => toggle(name, () => !off.has(i), v => v ? off.delete(i) : off.add(i),
      el('i', {class: 'dot', style: `background:${color(i)}`}))));
}
