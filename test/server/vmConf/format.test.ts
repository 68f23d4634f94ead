import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatVmConf } from '../../../server/languages/vmConf/format.ts';
import { statusOf } from '../../../server/languages/vmConf/problems.ts';
import { parseVmConf, sectionAt } from '../../../server/languages/vmConf/tree.ts';
import { toLines } from '../../../server/text/lines.ts';

interface Written {
  readonly id: number;
  readonly text: string;
  readonly written: string;
  /** Lines, from 1, that the real reader refuses and the real writer therefore loses. */
  readonly dropped: readonly number[];
}

const samples = readFileSync(new URL('../../verdicts/vm-write.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Written)
  .map(sample => ({ ...sample, written: decoded(sample.written) }));

/** The samples were recorded byte by byte; what is no ASCII outside of notes stands in them as Latin-1. */
function decoded(text: string): string {
  return /[^\x00-\xff]/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8');
}

suite('VM conf: formatting', () => {
  const format = (text: string): string => formatVmConf(toLines(text));

  const whole = samples.filter(({ dropped }) => dropped.length === 0);
  test(`byte for byte what Proxmox writes: ${whole.length} files`, () => {
    for (const { id, text, written } of whole) assert.equal(format(text), written, `file ${id}`);
  });

  const losing = samples.filter(({ dropped }) => dropped.length > 0);
  test(`where Proxmox would lose lines, ours are its lines and the lost ones: ${losing.length} files`, () => {
    for (const sample of losing) compareLosing(sample, format(sample.text));
  });

  test('formatting twice changes nothing', () => {
    for (const { id, text } of samples) {
      const once = format(text);
      assert.equal(format(once), once, `file ${id}`);
    }
  });

  test('a cloud-init section stays where there is a cloud-init drive', () => {
    const drive = 'ide2: local-lvm:vm-100-cloudinit,media=cdrom\n';
    assert.equal(format(`[special:cloudinit]\nname: x\n`), '');
    assert.equal(format(`${drive}[special:cloudinit]\nname: x\n`), `${drive}\n[special:cloudinit]\nname: x\n`);
  });

  test('of a repeated section both stay, the one that counts last', () => {
    const text = '[snap1]\ncores: 2\nbios: ovmf\n[PENDING]\ncores: 1\n[snap1]\n[pending]\n';
    const expected = '\n[PENDING]\ncores: 1\n\n[PENDING]\n\n[snap1]\nbios: ovmf\ncores: 2\n\n[snap1]\n';
    assert.equal(format(text), expected);
    assert.equal(format(expected), expected);
  });

  test('what swallows a line does not lose it', () => {
    assert.equal(format('net0: virtio snapstate: delete\ncores: 4\n'), 'cores: 4\nnet0: virtio snapstate: delete\n');
  });
});

function compareLosing({ id, text, written, dropped }: Written, ours: string): void {
  const lines = toLines(text).map(line => line.replace(/\r+$/, ''));
  const kept = toLines(ours);
  for (const number of dropped) {
    const line = lines[number - 1] as string;
    // A repeated header is written in its usual spelling.
    if (/^\[[^\]]*\]\s*$/.test(line) && isRepeated(text, number - 1)) continue;
    assert.ok(kept.includes(line), `file ${id} loses ${JSON.stringify(line)}`);
  }
  for (const line of toLines(written)) assert.ok(kept.includes(line), `file ${id} lacks ${JSON.stringify(line)}`);
}

function isRepeated(text: string, line: number): boolean {
  const tree = parseVmConf(toLines(text));
  return statusOf(tree, line, sectionAt(tree, line)) === 'warned';
}
