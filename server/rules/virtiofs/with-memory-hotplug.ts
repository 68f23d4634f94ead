import { stored } from '../../languages/vmConf/config.ts';
import { readHotplug } from '../../languages/vmConf/formats.ts';
import { atKey, noStart, observed, startRule } from '../startRule.ts';

export const withMemoryHotplug = startRule({
  id: 'virtiofs/with-memory-hotplug',
  severity: 'error',
  since: '8.3.11',
  docs: {
    what: 'The VM shares directories with `virtiofsN`, and `hotplug` lists `memory`.',
    why: "virtiofs needs all of the guest's memory shared from the start. The VM does not start.",
    source: observed('QemuServer/Virtiofs.pm'),
  },
  examples: [
    {
      bad: 'hotplug: disk,memory\nmemory: 4096\nnuma: 1\n«virtiofs0»: share\n',
      good: 'hotplug: disk\nmemory: 4096\nvirtiofs0: share\n',
    },
  ],
  needs: ['virtiofsN'],
  *find({ settings }) {
    const [entry] = settings.family('virtiofs');
    if (!entry || !readHotplug(stored(settings, 'hotplug') ?? '').has('memory')) return;
    yield {
      span: atKey(entry),
      message: `virtiofs does not go with memory hotplug. ${noStart} Take memory out of hotplug.`,
    };
  },
});
