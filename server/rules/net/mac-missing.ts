import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { freshMac } from '../../values/macAddress.ts';
import { fixIn } from '../edits.ts';
import { atValue, readIn, startRule } from '../startRule.ts';

export const macMissing = startRule({
  id: 'net/mac-missing',
  severity: 'warning',
  docs: {
    what: 'A network card has no MAC address.',
    why: 'The GUI gives every card one; a card that was written by hand without gets a random one at every start, and the guest sees a new card each time.',
    source: readIn('QemuServer.pm'),
  },
  examples: [{ bad: 'net0: «virtio,bridge=vmbr0»\n', good: 'net0: virtio=BC:24:11:2E:5F:01,bridge=vmbr0\n' }],
  needs: ['netN'],
  *find({ settings, file }) {
    for (const entry of settings.family('net')) {
      if (property(entry, 'macaddr') || !property(entry, 'model')) continue;
      const mac = freshMac(numbersFrom(`${file.uri} ${entry.key}`));
      yield {
        span: atValue(entry),
        message: `${entry.key} has no MAC address, so it gets another one at every start.`,
        fixes: [fixIn(file, `Add macaddr=${mac}`, setProperty(entry, 'macaddr', mac))],
      };
    }
  },
});

/** Numbers in [0, 1) that a text decides: a rule says the same each time it is asked. */
function numbersFrom(text: string): () => number {
  let seed = 2166136261;
  for (const char of text) seed = Math.imul(seed ^ (char.codePointAt(0) as number), 16777619) >>> 0;
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}
