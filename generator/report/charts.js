// Figures over all samples, for the classes that are switched on.
const on = () => stats.classes.map((_, i) => i).filter(i => !off.has(i));
const over = key => on().reduce((total, i) => stats[key][i].map((n, bin) => n + (total[bin] || 0)), []);

function chart(title, note, svg, caption) {
  return el('figure', {class: 'card chart', style: 'margin:0'}, el('header', {}, el('h3', {}, title), el('span', {}, note)), svg,
    ...(caption ? [el('p', {class: 'soft'}, caption)] : []));
}

// Upright bars; `ticks` are the names of the bins, or of the bins' edges.
function bars(values, ticks, paint) {
  const w = 420, h = 150, top = Math.max(1, ...values), step = w / values.length, gap = Math.min(4, step * .2);
  const svg = el('svg:svg', {viewBox: `0 0 ${w} ${h + 18}`, role: 'img'});
  values.forEach((n, i) => {
    const tall = n ? Math.max(1.5, n / top * (h - 16)) : 0;
    svg.append(el('svg:rect', {class: 'b', x: i * step + gap / 2, y: h - tall, width: step - gap, height: tall, rx: 1.5,
      ...(paint ? {style: `fill:${paint(i)}`} : {})}, el('svg:title', {}, number(n))));
    if (n && step > 26) svg.append(el('svg:text', {x: (i + .5) * step, y: h - tall - 4, 'text-anchor': 'middle'}, number(n)));
  });
  svg.append(el('svg:line', {x1: 0, x2: w, y1: h + .5, y2: h + .5}));
  const edges = ticks.length === values.length + 1;
  ticks.forEach((t, i) => svg.append(el('svg:text', {x: (edges ? i : i + .5) * step, y: h + 14,
    'text-anchor': edges && i === 0 ? 'start' : edges && i === values.length ? 'end' : 'middle'}, t)));
  return svg;
}

// Classes lie on their side, so that their names can be read; the rest of a long tail is one bar.
function classBars() {
  const most = 12, rows = on().map(i => [stats.classes[i], stats.count[i][0], color(i)]).sort((a, b) => b[1] - a[1]);
  const tail = rows.splice(most);
  if (tail.length) rows.push([`${tail.length} more`, sum(tail.map(r => r[1])), 'var(--soft)']);
  const w = 420, tall = Math.max(14, Math.min(34, 168 / Math.max(1, rows.length))), left = 120;
  const top = Math.max(1, ...rows.map(r => r[1]));
  const svg = el('svg:svg', {viewBox: `0 0 ${w} ${Math.max(168, rows.length * tall)}`, role: 'img'});
  rows.forEach(([name, n, fill], i) => {
    const y = i * tall, wide = n / top * (w - left - 52), short = name.length > 19 ? name.slice(0, 18) + '…' : name;
    svg.append(el('svg:text', {x: left - 8, y: y + tall / 2 + 3.5, 'text-anchor': 'end'}, short),
      el('svg:rect', {x: left, y: y + tall * .17, width: Math.max(1, wide), height: tall * .66, rx: 1.5, style: `fill:${fill}`},
        el('svg:title', {}, `${name}: ${number(n)}`)),
      el('svg:text', {x: left + wide + 6, y: y + tall / 2 + 3.5}, number(n)));
  });
  return svg;
}

// Where the cameras stand around the objects: cells of equal angle, density per solid angle.
function sphere(cells) {
  const {rows, columns} = stats.sphere, w = 420, left = 30, cell = (w - left) / columns, h = rows * cell;
  const area = row => Math.cos((row + .5) / rows * Math.PI - Math.PI / 2);
  const density = cells.map((n, i) => n / area(Math.floor(i / columns))), top = Math.max(1e-9, ...density);
  const svg = el('svg:svg', {viewBox: `0 0 ${w} ${h + 18}`, role: 'img'});
  svg.append(el('svg:rect', {x: left, y: 0, width: w - left, height: h, style: 'fill:var(--page)'}));
  density.forEach((d, i) => {
    if (!d) return;
    const row = Math.floor(i / columns), column = i % columns;
    svg.append(el('svg:rect', {class: 'b', x: left + column * cell, y: (rows - 1 - row) * cell, width: cell - .6, height: cell - .6,
      style: `opacity:${(.12 + .88 * Math.sqrt(d / top)).toFixed(3)}`}, el('svg:title', {}, `${number(cells[i])} views`)));
  });
  for (const e of [-90, -45, 0, 45, 90])
    svg.append(el('svg:text', {x: left - 6, y: (90 - e) / 180 * (h - 8) + 7.5, 'text-anchor': 'end'}, `${e}°`));
  for (const a of [-180, -90, 0, 90, 180])
    svg.append(el('svg:text', {x: left + (a + 180) / 360 * (w - left), y: h + 14,
      'text-anchor': a === -180 ? 'start' : a === 180 ? 'end' : 'middle'}, `${a}°`));
  return svg;
}

function charts() {
  const total = sum(on().map(i => stats.count[i][0])), share = key => total ? percent(sum(on().map(i => stats[key][i][0])) / total) : '–';
  const tenths = ['0', '', '0.2', '', '0.4', '', '0.6', '', '0.8', '', '1'];
  const list = [
    chart('Instances by class', `${number(total)} labelled`, classBars()),
    chart('Apparent size', 'longer side of the visible box, px', bars(over('size'), ['< 8', '8–16', '16–32', '32–64', '64–128', '128–256', '≥ 256'])),
    chart('Visible fraction', `${share('whole')} fully visible`, bars(over('visible'), tenths), 'Visible area over the area the object would have alone, inside and outside the image.'),
    chart('Truncation', `${share('inside')} wholly inside the image`, bars(over('truncation'), tenths), 'Share of the object’s own area that lies outside the image.'),
  ];
  const views = over('views');
  if (sum(views)) list.push(chart('Views', 'camera around the object', sphere(views), 'Azimuth and elevation in the object’s frame; colour is density per solid angle.'));
  list.push(chart('Luminance', `pixels of the ${samples.length} samples above`, bars(stats.luminance, ['0', ...Array(stats.luminance.length - 1).fill(''), '255'])));
  $('charts').replaceChildren(...list);
}

// Every object that was placed is accounted for; a row that does not add up says so.
function ledger() {
  const entries = dataset.ledger;
  const rules = [...new Set(entries.flatMap(e => Object.keys(e.dropped)))].sort();
  const columns = ['placed', 'labelled', ...rules, 'written', 'reread'];
  const words = {reread: 're-read', ...Object.fromEntries(rules.map(r => [r, `dropped: ${r}`]))};
  const value = (e, c) => rules.includes(c) ? e.dropped[c] || 0 : e[c];
  const balances = e => e.placed === e.labelled + sum(Object.values(e.dropped)) && e.labelled === e.written && e.written === e.reread;
  const mark = ok => el('td', {class: ok ? 'good' : 'bad'}, ok ? 'balances' : 'does not balance');
  const row = (name, e) => el('tr', {}, el('td', {}, name), ...columns.map(c => el('td', {}, number(value(e, c)))), mark(balances(e)));
  const all = {dropped: Object.fromEntries(rules.map(r => [r, sum(entries.map(e => value(e, r)))]))};
  for (const c of ['placed', 'labelled', 'written', 'reread']) all[c] = sum(entries.map(e => e[c]));
  const ok = entries.every(balances);
  $('verdict').textContent = ok ? 'Every object that was placed is labelled or dropped by a named rule, written, and read back.'
                                : 'Some objects are not accounted for.';
  const placement = dataset.placement;
  if (placement && placement.wanted) $('placement').textContent = `Before that: of ${number(placement.wanted)} things wanted, `
    + `${number(placement.left_out)} were left out, because they found no room or came to no sound rest; `
    + `${number(placement.redrawn)} were drawn anew.`;
  $('ledger').append(el('table', {}, el('thead', {}, el('tr', {}, el('th', {}, 'class'), ...columns.map(c => el('th', {}, words[c] || c)), el('th', {}, ''))),
    el('tbody', {}, ...entries.map(e => row(e.class, e))), el('tfoot', {}, row('all', all))));
}

function facts() {
  document.title = `${data.name} · Orrery`;
  $('name').textContent = data.name;
  $('about').textContent = `${samples.length} of ${number(dataset.count)} samples, evenly spaced. Click one to look closer.`;
  const fact = (name, value, small) => el('div', {}, el('dt', {}, name), el('dd', small ? {class: 'small'} : {}, small ? el('code', {}, value) : value));
  $('facts').append(fact('images', number(dataset.count)), fact('labelled instances', number(sum(stats.count.map(c => c[0])))),
    fact('classes', number(stats.classes.length)), fact('seed', String(dataset.seed)), fact('dataset hash', dataset.dataset_hash, true));
  const folders = new Set(samples.flatMap(s => Object.keys(s.manifest.files)).map(f => f.split('/')[0]));
  folders.delete('images');
  if (folders.size) $('files').textContent = `Beside the pictures there are files in ${[...folders].sort().map(f => f + '/').join(', ')}.`;
  $('recipe').textContent = pretty({tool: dataset.tool, recipe_hash: dataset.recipe_hash, recipe: dataset.recipe});
  $('replay').textContent = samples.length ? replayOf(samples[Math.floor(samples.length / 2)].index) : '';
}

async function start() {
  facts();
  ledger();
  bar();
  charts();
  await Promise.all(samples.map(s => new Promise(ready => { s.picture = el('img', {src: s.jpeg, onload: ready, onerror: ready}); })));
  $('sheet').append(...samples.map(figure));
  refresh();
  if (wanted.has('open') && samples[wanted.get('open')]) open(samples[wanted.get('open')]);
}
start();
