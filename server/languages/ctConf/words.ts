import { matching, type ValueKind } from '../../values/kind.ts';
import { own } from '../vmConf/schema.ts';

/**
 * Words for values whose schema is only a pattern, by option and sub-property. The pattern decides; these say what was
 * meant, and mend what is beyond doubt.
 */
export const subWords = (option: string, sub: string): ValueKind | undefined => own(kinds, `${option}.${sub}`);

/** What `mountoptions=` takes. */
export const mountOptions = ['discard', 'lazytime', 'noatime', 'nodev', 'noexec', 'nosuid'] as const;

const mountOptionList: ValueKind = {
  describe: `a list of ${mountOptions.join(', ')} with semicolons between them`,
  check: text => {
    const unknown = text.split(';').find(item => !(mountOptions as readonly string[]).includes(item));
    return unknown === undefined ? undefined : `has "${unknown}", which is none of ${mountOptions.join(', ')}`;
  },
  mend: text => text.trim().replace(/[;, ]+/g, ';'),
};

const idmap = matching(
  'passthrough, or ranges such as u:0:100000:1000 with semicolons between them',
  /^(?:passthrough|[ug]:[0-9]+:[0-9]+:[1-9][0-9]*(?:;[ug]:[0-9]+:[0-9]+:[1-9][0-9]*)*)$/,
);

const kinds: Readonly<Record<string, ValueKind>> = {
  'dev.mode': matching('an octal mode of four digits, the first a zero, such as 0660', /^0[0-7]{3}$/, {
    mend: text => /^[0-7]{3}$/.exec(text)?.[0].padStart(4, '0'),
  }),
  'features.mount': matching('file systems with semicolons between them, such as nfs;cifs', /^[a-zA-Z0-9_; ]+$/),
  'mp.idmap': idmap,
  'mp.mountoptions': mountOptionList,
  'net.bridge': matching('the name of a bridge such as vmbr0', /^[-_.\w]+$/),
  'net.name': matching('the name of an interface such as eth0', /^[-_.\w]+$/),
  'net.trunks': matching('VLAN numbers with semicolons between them, such as 10;20', /^[0-9]+(?:;[0-9]+)*$/, {
    mend: text => text.trim().replace(/[;, ]+/g, ';'),
  }),
  'rootfs.idmap': idmap,
  'rootfs.mountoptions': mountOptionList,
};
