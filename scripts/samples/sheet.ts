export interface TextStyle {
  font?: string;
  /** px */
  size?: number;
  bold?: boolean;
  italic?: boolean;
  ink?: string;
  align?: 'start' | 'middle' | 'end';
  /** px from the left edge; without it `align` says: left margin, middle or right margin. */
  x?: number;
  /** px between letters */
  spacing?: number;
}

export interface SheetLook {
  /** px */
  width: number;
  margin: number;
  font: string;
  size: number;
  ink?: string;
  /** Line height as a multiple of the text's size. */
  leading?: number;
}

export interface Drawing {
  /** px */
  width: number;
  height: number;
  /** SVG elements, without the <svg> around them and without a background. */
  svg: string;
  /** What is written on it, line by line: the truth that OCR is measured against. */
  text: string;
}

export type Cell = TextStyle & { text: string };
export type Sheet = ReturnType<typeof createSheet>;

const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/** Breaks `text` at spaces into lines of at most `columns` characters. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Paper written on from top to bottom; what is written is kept as text too. */
export function createSheet({ width, margin, font, size, ink = '#222', leading = 1.4 }: SheetLook) {
  const elements: string[] = [];
  const lines: string[] = [];
  let y = margin;

  const defaultX = { start: margin, middle: width / 2, end: width - margin };
  const element = ({ text, ...style }: Cell) => {
    const align = style.align ?? 'start';
    const attributes = {
      x: style.x ?? defaultX[align],
      y: Math.round(y),
      'font-family': style.font ?? font,
      'font-size': style.size ?? size,
      'font-weight': style.bold ? 'bold' : 'normal',
      'font-style': style.italic ? 'italic' : 'normal',
      'letter-spacing': style.spacing ?? 0,
      'text-anchor': align,
      fill: style.ink ?? ink,
    };
    const list = Object.entries(attributes).map(([name, value]) => `${name}="${escapeXml(String(value))}"`);
    return `<text xml:space="preserve" ${list.join(' ')}>${escapeXml(text)}</text>`;
  };

  const sheet = {
    width,
    margin,
    get y() {
      return y;
    },
    /** Texts on one baseline, given from left to right. */
    cells(cells: Cell[]) {
      y += Math.max(...cells.map((cell) => cell.size ?? size)) * leading;
      elements.push(...cells.map(element));
      lines.push(
        cells
          .map(({ text }) => text.trim())
          .filter(Boolean)
          .join(' '),
      );
    },
    line(text: string, style: TextStyle = {}) {
      sheet.cells([{ text, ...style }]);
    },
    center(text: string, style: TextStyle = {}) {
      sheet.line(text, { align: 'middle', ...style });
    },
    /** One at the left margin, the other at the right one. */
    pair(left: string, right: string, style: TextStyle = {}) {
      sheet.cells([
        { text: left, ...style },
        { text: right, align: 'end', ...style },
      ]);
    },
    /** @param columns characters per line */
    paragraph(text: string, columns: number, style: TextStyle = {}) {
      for (const line of wrap(text, columns)) sheet.line(line, style);
    },
    space(pixels: number) {
      y += pixels;
    },
    moveTo(newY: number) {
      y = newY;
    },
    rule({ dash = '', thickness = 2, color = ink, from = margin, to = width - margin } = {}) {
      y += size * 0.7;
      elements.push(
        `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="${thickness}" stroke-dasharray="${dash}"/>`,
      );
    },
    /** Anything without text, behind what is written after it. */
    draw(svg: string) {
      elements.push(svg);
    },
    /** @param height px; without it the sheet ends a margin below the last line */
    finish(height = Math.ceil(y + margin)): Drawing {
      return { width, height, svg: elements.join('\n'), text: lines.join('\n') };
    },
  };
  return sheet;
}
