import { findDate } from '../src/domain/find-date.ts';
import { findSender } from '../src/domain/find-sender.ts';
import { findTotal } from '../src/domain/find-total.ts';

describe('dates', () => {
  it.each([
    ['23-01-2019 13:14:15', '2019-01-23'],
    ['29 MAR 2018 18:19', '2018-03-29'],
    ['DATE: 01/05/16 2:51', '2016-05-01'],
    ['2024-02-29', '2024-02-29'],
    ['03.11.2021', '2021-11-03'],
    ['12/31/2020', '2020-12-31'],
    ['Salem, OR 97301\n04/05/2020', '2020-04-05'],
    ['March 9, 2022', '2022-03-09'],
    ['3rd June 2021', '2021-06-03'],
    ['14. Dezember 2022', '2022-12-14'],
    ['5 de mayo de 2020', '2020-05-05'],
    ['le 1er août 2019', '2019-08-01'],
    ['Sort code 20-11-43, issued 4 September 2023', '2023-09-04'],
    ['Date of birth 11.02.1988\nIssued 20.10.2019', '2019-10-20'],
  ])('When the text says %j, then it is of %s', (text, date) => expect(findDate(text)).toBe(date));

  it.each(['31/02/2020', 'Tel 555-0142', '1.234.567,89', ''])(
    'When the text says %j, then there is no date',
    (text) => expect(findDate(text)).toBeUndefined(),
  );
});

describe('totals', () => {
  it.each([
    ['SUB TOTAL : 18.00\nGRAND TOTAL : RM 20.00\nCASH 50.00', '20.00 MYR'],
    ['Zwischensumme 10,00\nSumme EUR 1.234,50', '1234.50 EUR'],
    ['TOTAL\n€ 7,47', '7.47 EUR'],
    ['Total items 3\nTotal $31.64', '31.64 $'],
    ['Total 8.55', '8.55'],
  ])('When the text says %j, then the total is %s', (text, total) => expect(findTotal(text)).toBe(total));

  it('When no line names a total, then there is none', () =>
    expect(findTotal('Milk 1.20\nBread 2.00')).toBeUndefined());
});

describe('senders', () => {
  it.each([
    [
      'TAN CHAY YEE\nS.H.H. MOTOR (SUNGAI RENGIT) SDN. BHD.\n(801580-T)',
      'S.H.H. Motor (Sungai Rengit) SDN. BHD.',
    ],
    ['TAX INVOICE\nJoe’s Diner\n12 Main Street', 'Joe’s Diner'],
    ['14 Elm Grove\nDear Mrs Palmer\nRosa Kent', 'Rosa Kent'],
  ])('When the text begins %j, then it is from %s', (text, sender) => expect(findSender(text)).toBe(sender));

  it('When there are only numbers and addresses, then the sender is unknown', () =>
    expect(findSender('0443 1122\nTel 555-0142\n12 Main Street')).toBeUndefined());
});
