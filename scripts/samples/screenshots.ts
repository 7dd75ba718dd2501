import { createSheet, type Cell, type Drawing } from './sheet.ts';

const colours: Record<string, string> = {
  g: '#8ec07c',
  y: '#e0c060',
  r: '#f07070',
  b: '#7fb4e8',
  d: '#8a8f98',
};
const trafficLights =
  '<circle cx="26" cy="22" r="8" fill="#ff5f57"/><circle cx="52" cy="22" r="8" fill="#febc2e"/><circle cx="78" cy="22" r="8" fill="#28c840"/>';

/** Width of one letter of DejaVu Sans Mono, as a share of its size. */
const letterWidth = 0.602;

/** `{g|text}` is green text: parts of one line, each where the one before ends. */
function colouredCells(line: string, left: number, size: number): Cell[] {
  let x = left;
  return [...line.matchAll(/\{(\w)\|([^}]*)\}|([^{]+)/g)].map(([, colour, coloured, plain]) => {
    const text = coloured ?? plain!;
    const cell = { text, x, ink: colour ? colours[colour]! : '#d8dce3' };
    x += text.length * size * letterWidth;
    return cell;
  });
}

export function terminal(): Drawing {
  const size = 18;
  const sheet = createSheet({
    width: 1180,
    margin: 24,
    font: 'DejaVu Sans Mono',
    size,
    ink: '#d8dce3',
    leading: 1.5,
  });
  sheet.draw(
    `<rect width="1180" height="760" fill="#1d2027"/><rect width="1180" height="44" fill="#343842"/>${trafficLights}`,
  );
  sheet.moveTo(3);
  sheet.center('mira@workbench: ~/weather-station', { font: 'DejaVu Sans', size: 17, ink: '#c0c5ce' });
  sheet.moveTo(56);
  for (const line of [
    '{g|mira@workbench}:{b|~/weather-station}$ git status',
    'On branch main',
    'Your branch is ahead of origin/main by 2 commits.',
    '{r|        modified:   src/sensor.py}',
    '{r|        modified:   tests/test_sensor.py}',
    '{g|mira@workbench}:{b|~/weather-station}$ python -m pytest -q',
    '{g|..........}{r|F}{g|.......}                                        {d|[100%]}',
    '{r|FAILED tests/test_sensor.py::test_negative_temperature}',
    'Traceback (most recent call last):',
    '  File "tests/test_sensor.py", line 41, in test_negative_temperature',
    '    assert reading.celsius == -12.5',
    '{r|AssertionError: assert 243.5 == -12.5}',
    '{y|1 failed, 17 passed in 0.84s}',
    '{g|mira@workbench}:{b|~/weather-station}$ grep -n "struct.unpack" src/sensor.py',
    '{d|28:}    raw = struct.unpack("<H", frame[2:4])[0]',
    '{g|mira@workbench}:{b|~/weather-station}$ sed -i \'s/"<H"/"<h"/\' src/sensor.py',
    '{g|mira@workbench}:{b|~/weather-station}$ python -m pytest -q',
    '{g|..................}                                        {d|[100%]}',
    '{g|18 passed in 0.79s}',
    '{g|mira@workbench}:{b|~/weather-station}$ git commit -am "Read temperatures as signed"',
    '[main 4e1f0c2] Read temperatures as signed',
    ' 2 files changed, 6 insertions(+), 2 deletions(-)',
    '{g|mira@workbench}:{b|~/weather-station}$ ',
  ])
    sheet.cells(colouredCells(line, 24, size));
  sheet.draw(
    `<rect x="${24 + 35 * size * letterWidth}" y="${sheet.y - 16}" width="10" height="20" fill="#d8dce3"/>`,
  );
  const { text, ...drawing } = sheet.finish(760);
  // The parts of a coloured line were joined by spaces: where the shell writes none, there is none.
  return {
    ...drawing,
    text: text.replaceAll(' : ~', ':~').replaceAll(' $ ', '$ ').replaceAll('.. F ..', '..F..'),
  };
}

export function errorDialog(): Drawing {
  const sheet = createSheet({
    width: 1100,
    margin: 40,
    font: 'DejaVu Sans',
    size: 17,
    ink: '#1f2328',
    leading: 1.5,
  });
  sheet.draw(
    '<defs><linearGradient id="desk" x2="1" y2="1"><stop stop-color="#3f6fb5"/><stop offset="1" stop-color="#86b6d9"/></linearGradient></defs><rect width="1100" height="680" fill="url(#desk)"/>',
  );
  sheet.draw(
    '<rect y="640" width="1100" height="40" fill="#e9edf2"/><rect x="14" y="648" width="24" height="24" rx="4" fill="#3f6fb5"/><rect x="54" y="648" width="24" height="24" rx="4" fill="#e0a030"/><rect x="94" y="648" width="24" height="24" rx="4" fill="#4a9d5b"/>',
  );
  sheet.draw(
    '<rect x="193" y="133" width="714" height="404" rx="10" fill="#000" opacity="0.25"/><rect x="190" y="126" width="720" height="404" rx="10" fill="#f6f7f9"/><path d="M190 166v-30a10 10 0 0 1 10-10h700a10 10 0 0 1 10 10v30z" fill="#dfe4ea"/>',
  );
  sheet.draw(
    '<path d="M880 139l14 14m0-14l-14 14" stroke="#444" stroke-width="2.5"/><circle cx="262" cy="252" r="34" fill="#d0342c"/><path d="M249 239l26 26m0-26l-26 26" stroke="#fff" stroke-width="7" stroke-linecap="round"/>',
  );
  sheet.moveTo(128);
  sheet.line('Photo Import Assistant', { x: 210 });
  sheet.moveTo(196);
  sheet.line('The import could not be completed', { x: 330, size: 23, bold: true });
  sheet.space(8);
  for (const line of [
    'An unexpected error occurred while reading the memory card.',
    'Error 0x80070045: the device stopped responding.',
    '',
    '37 of 212 files were copied. Reconnect the card reader and',
    'choose Retry to continue, or Cancel to stop.',
  ])
    if (line) sheet.line(line, { x: 330 });
    else sheet.space(14);
  sheet.draw(
    '<rect x="560" y="462" width="100" height="42" rx="6" fill="#3f6fb5"/><rect x="672" y="462" width="100" height="42" rx="6" fill="#fff" stroke="#b8c0ca"/><rect x="784" y="462" width="108" height="42" rx="6" fill="#fff" stroke="#b8c0ca"/>',
  );
  sheet.moveTo(463);
  sheet.cells([
    { text: 'Retry', x: 610, align: 'middle', ink: '#fff' },
    { text: 'Cancel', x: 722, align: 'middle' },
    { text: 'Details', x: 838, align: 'middle' },
  ]);
  sheet.moveTo(647);
  sheet.line('14:26', { align: 'end', size: 16 });
  return sheet.finish(680);
}
