const longest = 200;
const nameless = 'image';

// Control characters, and invisible Unicode that changes the direction of what is shown: `gpj.exe` reading as `exe.jpg`.
const invisible = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/**
 * A client's filename as a name to show: the base name (of a Windows path too), NFC, at most 200 characters with its
 * extension kept. It is data and never becomes a path. `image` when nothing is left of it.
 */
export function cleanFilename(given: string): string {
  const base = given.split(/[/\\]/).at(-1)!;
  const shown = base.toWellFormed().normalize('NFC').replace(invisible, '').trim();
  return /^[.\s]*$/.test(shown) ? nameless : cut(shown);
}

function cut(name: string): string {
  const characters = [...name];
  if (characters.length <= longest) return name;
  const extension = [...(/\.[^.\s]{1,10}$/u.exec(name)?.[0] ?? '')];
  return [...characters.slice(0, longest - extension.length), ...extension].join('');
}
