/**
 * What a text wears on every line because of the way it came here: a comment mark, the mark of a quotation, line
 * numbers, an empty line after each. Pure and linear; a line that wears nothing stays as it is.
 */
export const undress = (lines: readonly string[]): readonly string[] =>
  withoutNumbers(withoutMarks(withoutGaps(lines.map(line => line.replace(/[\r\ufeff]/g, '')))));

const isBlank = (line: string): boolean => line.trim() === '';

/** Mail programs and web pages that put an empty line after every line. */
function withoutGaps(lines: readonly string[]): readonly string[] {
  const gap = [0, 1].find(parity => lines.every((line, index) => index % 2 !== parity || isBlank(line)));
  return gap === undefined || lines.length < 6 ? lines : lines.filter((_, index) => index % 2 !== gap);
}

const marks = ['> ', '>', '# ', '#', '// ', '//', '| '];

/** More marks than these, one behind the other, nobody writes. */
const mostMarks = 4;

/** A mark counts where all lines have it: with the blank behind it only if none lacks that. */
function withoutMarks(lines: readonly string[]): readonly string[] {
  let bare = lines;
  for (let count = 0; count < mostMarks; count++) {
    const full = bare.filter(line => !isBlank(line));
    const isTable = full.every(line => line.trimEnd().endsWith('|'));
    const mark = full.length < 3 || isTable ? undefined : marks.find(one => full.every(line => hasMark(line, one)));
    if (mark === undefined) break;
    bare = bare.map(line => line.slice(mark.length));
  }
  return bare;
}

const hasMark = (line: string, mark: string): boolean => line.startsWith(mark) || line === mark.trimEnd();

// No line number begins with 0 or has as many digits as a PCI domain, so that addresses are not taken for any.
const number = /^[ \t]{0,8}([1-9]\d{0,4})(?![0-9a-f]{0,6}:[01]?[0-9a-f]{1,2}[:.])(?:[.):|]|(?=[ \t]|$))/i;
const numberBeforeAddress = /^[ \t]{0,8}([1-9]\d{0,2}):(?=(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\s)/i;

/** Fewer lines in a row that count up can be chance. */
const fewest = 4;

/** Numbers that count the lines, as `cat -n`, `grep -n` and web pages print them. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const found = lines.map(line => numberBeforeAddress.exec(line) ?? number.exec(line));
  const bare = lines.slice();
  for (let from = 0; from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && follows(found[to - 1], found[to])) to++;
    if (found[from] && to - from >= fewest) {
      const rests = lines.slice(from, to).map((line, index) => line.slice(found[from + index]![0].length));
      withoutFirst(' ', withoutFirst('\t', rests)).forEach((rest, index) => {
        bare[from + index] = rest;
      });
    }
    from = to;
  }
  return bare;
}

/** The blank or tab behind a number, if it is behind all of them; else it is the line's own. */
const withoutFirst = (blank: string, lines: readonly string[]): readonly string[] =>
  lines.every(line => line === '' || line.startsWith(blank)) ? lines.map(line => line.slice(1)) : lines;

type Found = RegExpExecArray | null | undefined;

const follows = (before: Found, after: Found): boolean =>
  !!before && !!after && Number(after[1]) === Number(before[1]) + 1;
