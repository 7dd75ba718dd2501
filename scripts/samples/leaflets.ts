import { drawMatrixCode } from './barcode.ts';
import { createSheet, type Drawing } from './sheet.ts';

export function recipe(): Drawing {
  const sheet = createSheet({
    width: 900,
    margin: 80,
    font: 'DejaVu Serif',
    size: 20,
    ink: '#3b2a20',
    leading: 1.5,
  });
  sheet.draw(
    '<rect x="30" y="30" width="840" height="1172" fill="none" stroke="#b5552b" stroke-width="3"/><rect x="40" y="40" width="820" height="1152" fill="none" stroke="#b5552b" stroke-width="1"/>',
  );
  sheet.center('Apple and Walnut Cake', { size: 40, italic: true, ink: '#b5552b' });
  sheet.center('Serves 8 · Preparation 25 minutes · Baking 45 minutes', { size: 18 });
  sheet.space(24);
  sheet.line('Ingredients', { bold: true, size: 25, ink: '#b5552b' });
  for (const [left, right] of [
    ['200 g plain flour', '3 cooking apples'],
    ['150 g brown sugar', '80 g chopped walnuts'],
    ['120 g soft butter', '2 teaspoons baking powder'],
    ['3 eggs', '1 teaspoon cinnamon'],
    ['4 tablespoons milk', 'a pinch of salt'],
  ] as const)
    sheet.cells([{ text: left }, { text: right, x: 470 }]);
  sheet.space(24);
  sheet.line('Method', { bold: true, size: 25, ink: '#b5552b' });
  for (const step of [
    '1. Preheat the oven to 180 °C and butter a round tin of 24 cm.',
    '2. Beat the butter with the sugar until creamy, then stir in the eggs one by one.',
    '3. Mix the flour, baking powder, cinnamon and salt, and fold in with the milk.',
    '4. Peel and dice the apples. Add them with the walnuts to the dough.',
    '5. Bake for about 45 minutes, until a skewer comes out clean.',
    '6. Leave to cool in the tin for ten minutes and dust with icing sugar.',
  ]) {
    sheet.paragraph(step, 62);
    sheet.space(8);
  }
  sheet.space(20);
  sheet.center('Best on the second day, with whipped cream.', { italic: true });
  return sheet.finish(1232);
}

export function concertTicket(): Drawing {
  const sheet = createSheet({
    width: 1240,
    margin: 60,
    font: 'Liberation Sans',
    size: 22,
    ink: '#f4efe6',
    leading: 1.4,
  });
  sheet.draw(
    '<rect width="1240" height="520" rx="18" fill="#26214a"/><path d="M0 400c200-90 380 40 620-30s420-60 620 20v112a18 18 0 0 1-18 18H18a18 18 0 0 1-18-18z" fill="#3b3277"/>' +
      '<rect x="900" width="340" height="520" rx="18" fill="#f4efe6"/><line x1="900" x2="900" y1="14" y2="506" stroke="#26214a" stroke-width="5" stroke-dasharray="4 14" stroke-linecap="round"/>',
  );
  drawMatrixCode(sheet, { seed: 21, x: 970, y: 60, module: 8 });
  sheet.moveTo(46);
  sheet.line('ADMIT ONE · CONCERT TICKET', { size: 20, spacing: 3, ink: '#e3b65c' });
  sheet.line('The Copper Larks', { size: 58, bold: true });
  sheet.line('Winter Tour with special guests Hollow Pines', { size: 25 });
  sheet.space(26);
  sheet.cells([
    { text: 'Saturday 9 December 2023' },
    { text: 'Doors 19:00', x: 430 },
    { text: 'Show 20:00', x: 640 },
  ]);
  sheet.line('Riverside Arena, Glasgow', { bold: true });
  sheet.space(22);
  sheet.cells([
    { text: 'Block C', size: 30, bold: true },
    { text: 'Row 14', x: 250, size: 30, bold: true },
    { text: 'Seat 27', x: 430, size: 30, bold: true },
  ]);
  sheet.line('Price £42.50 incl. booking fee    Order 5550-7781-20', { size: 19 });
  sheet.moveTo(290);
  sheet.line('Ticket no. 004512', { x: 1070, align: 'middle', ink: '#26214a' });
  sheet.line('Block C  Row 14', { x: 1070, align: 'middle', ink: '#26214a' });
  sheet.line('Seat 27', { x: 1070, align: 'middle', ink: '#26214a', bold: true });
  sheet.line('No re-entry. No refunds.', { x: 1070, align: 'middle', ink: '#26214a', size: 18 });
  return sheet.finish(520);
}
