import { createSheet, type Drawing } from './sheet.ts';
import { a4 } from './business-documents.ts';

/** A signature-like squiggle with its left end at x, y. */
const signature = (x: number, y: number) =>
  `<path d="M${x} ${y}c18-46 34-58 30-14s10 20 24-10 18 26 32 2 12-30 30-6 30 6 58-12" fill="none" stroke="#1b2f7a" stroke-width="3.5" stroke-linecap="round"/>`;

export function councilLetter(): Drawing {
  const sheet = createSheet({
    width: a4.width,
    margin: 100,
    font: 'Liberation Serif',
    size: 23,
    leading: 1.38,
  });
  sheet.line('Millbrook Town Council', { size: 34, bold: true });
  sheet.line('Parks and Open Spaces, The Old Hall, Millbrook MB4 2TT', { size: 18 });
  sheet.rule({ thickness: 1 });
  sheet.space(40);
  sheet.line('Mrs Eleanor Whitcombe');
  sheet.line('9 Orchard Close');
  sheet.line('Millbrook MB4 7HA');
  sheet.space(30);
  sheet.line('6 October 2023', { align: 'end' });
  sheet.space(20);
  sheet.line('Dear Mrs Whitcombe,');
  sheet.space(12);
  sheet.line('The lime trees in Orchard Close', { bold: true });
  sheet.space(12);
  for (const text of [
    'Thank you for writing to us about the two lime trees opposite your house. Our tree officer visited the street on 28 September and found that several of the lower branches hang over the pavement and hide the street lamp.',
    'We have asked our contractor to lift the crown of both trees to four metres. The work will take place between 13 and 17 November, between eight in the morning and four in the afternoon. Please do not park beneath the trees on these days.',
    'No nests were seen, but the work will be put off if any are found. I am sorry that the lamp has been dark for so long, and I hope that this answers your question.',
  ]) {
    sheet.paragraph(text, 76);
    sheet.space(14);
  }
  sheet.space(10);
  sheet.line('Yours sincerely,');
  sheet.draw(signature(104, sheet.y + 70));
  sheet.space(110);
  sheet.line('Graham Ostler');
  sheet.line('Parks Manager');
  return sheet.finish(a4.height);
}

export function frenchLetter(): Drawing {
  const sheet = createSheet({ width: a4.width, margin: 104, font: 'DejaVu Serif', size: 19, leading: 1.5 });
  sheet.pair('Hélène Beaupré', 'Résidence Les Tilleuls');
  sheet.pair('27, allée des Châtaigniers', '5, place de la République');
  sheet.pair('69005 Lyon', '38000 Grenoble');
  sheet.space(50);
  sheet.line('Lyon, le 3 février 2024', { align: 'end' });
  sheet.space(34);
  sheet.line('Objet : résiliation du bail de l’appartement n° 14', { bold: true });
  sheet.space(30);
  sheet.line('Madame, Monsieur,');
  sheet.space(16);
  for (const text of [
    'Par la présente lettre, je vous informe de ma décision de quitter l’appartement que j’occupe depuis le 1er août 2019 au troisième étage de votre résidence.',
    'Conformément à la loi, mon préavis est d’un mois à compter de la réception de ce courrier. Les clés vous seront donc remises le 5 mars prochain, après l’état des lieux de sortie. Je vous serais reconnaissante de me proposer un rendez-vous à cet effet.',
    'Je vous prie également de m’adresser le dépôt de garantie à ma nouvelle adresse, indiquée ci-dessus, dans le délai prévu.',
    'Dans l’attente de votre réponse, je vous prie d’agréer, Madame, Monsieur, l’expression de mes sentiments distingués.',
  ]) {
    sheet.paragraph(text, 70);
    sheet.space(16);
  }
  sheet.draw(signature(620, sheet.y + 70));
  sheet.space(110);
  sheet.line('Hélène Beaupré', { x: 620 });
  return sheet.finish(a4.height);
}

export function typedLetter(): Drawing {
  const sheet = createSheet({
    width: 900,
    margin: 96,
    font: 'Liberation Mono',
    size: 21,
    ink: '#33302e',
    leading: 1.55,
  });
  sheet.line('18 Lantern Row', { x: 560 });
  sheet.line('Galway', { x: 560 });
  sheet.line('21st June 1998', { x: 560 });
  sheet.space(34);
  sheet.line('Dear Uncle Patrick,');
  sheet.space(16);
  for (const text of [
    'I hope this letter finds you well and that your knee has mended since we last spoke. The children have not stopped talking about the boat.',
    'We have at last moved into the house by the sea. The roof leaks above the stairs, but from the kitchen you can watch the fishermen come home, and Nora says she would not change it for a palace.',
    'Do come and stay with us in August. There is a bed for you, and the fiddle is waiting on its hook.',
  ]) {
    sheet.paragraph(text, 54);
    sheet.space(14);
  }
  sheet.line('With love from all of us,');
  sheet.draw(signature(100, sheet.y + 66));
  sheet.space(100);
  sheet.line('Maeve');
  return sheet.finish();
}

export function landlordLetter(): Drawing {
  const sheet = createSheet({ width: 820, margin: 76, font: 'Liberation Sans', size: 22, leading: 1.45 });
  sheet.line('Ashdown Property Management', { bold: true, size: 27 });
  sheet.line('Suite 4, 60 Castle Street, Lewes BN7 1YJ', { size: 18 });
  sheet.space(30);
  sheet.line('11 January 2024');
  sheet.space(20);
  sheet.line('To all residents of Priory House');
  sheet.space(14);
  sheet.line('Dear Resident,');
  sheet.space(10);
  sheet.paragraph(
    'The water supply will be turned off on Tuesday 23 January from nine until noon while the main valve in the cellar is replaced. Please keep your taps closed and draw some drinking water beforehand.',
    60,
  );
  sheet.space(14);
  sheet.paragraph('We apologise for the inconvenience and thank you for your patience.', 60);
  sheet.space(20);
  sheet.line('Yours faithfully,');
  sheet.space(14);
  sheet.line('Ruth Ashdown');
  return sheet.finish();
}

export function medicalLetter(): Drawing {
  const sheet = createSheet({
    width: a4.width,
    margin: 92,
    font: 'Liberation Sans',
    size: 20,
    ink: '#23272e',
  });
  sheet.line('St Brannoc Hospital', { size: 30, bold: true, ink: '#00594c' });
  sheet.pair('Department of Cardiology', 'Tel 01271 555 0164', { size: 18 });
  sheet.rule({ color: '#00594c', thickness: 3 });
  sheet.space(26);
  sheet.pair('Patient: Harold Pym', 'Date of birth: 02/04/1951', { bold: true });
  sheet.pair('Hospital number: K 555 2093', 'Clinic date: 19 April 2024');
  sheet.space(24);
  sheet.line('Dear Dr Okafor,');
  sheet.space(12);
  sheet.line('Diagnosis', { bold: true });
  sheet.line('1. Mild hypertension, now controlled');
  sheet.line('2. Occasional ectopic beats, benign');
  sheet.space(12);
  sheet.line('Medication', { bold: true });
  sheet.line('Amlodipine 5 mg once daily, Atorvastatin 20 mg at night');
  sheet.space(12);
  for (const text of [
    'I reviewed this patient in the cardiology outpatient clinic today. He describes no chest pain and no breathlessness on exertion. The palpitations which led to your referral have become rare.',
    'On examination his blood pressure was 132/78 mmHg and his pulse 68 per minute and regular. Heart sounds were normal. The ECG showed sinus rhythm. His echocardiogram of March shows good left ventricular function, and the blood test results are within the normal range.',
    'I have suggested that he continues the present treatment. No further appointment is needed, but please refer him again should his symptoms return.',
  ]) {
    sheet.paragraph(text, 82);
    sheet.space(12);
  }
  sheet.line('Yours sincerely,');
  sheet.draw(signature(96, sheet.y + 66));
  sheet.space(100);
  sheet.line('Dr Amara Nwosu MRCP');
  sheet.line('Consultant Cardiologist');
  return sheet.finish(1330);
}
