import { ipv4, ipv6 } from './ipAddress.ts';
import { anyOf, matching, oneOf, type ValueKind } from './kind.ts';

const plainAddress = anyOf('an IP address', ipv4, ipv6);

/** An IP address; a link-local one may say its interface: `fe80::1%eth0`. */
export const addressWithInterface: ValueKind = {
  describe: 'an IP address such as 192.168.1.1 or fe80::1%eth0',
  check: text => {
    const scoped = /^(fe80:[^%]+)%(.*)$/.exec(text);
    if (!scoped) return plainAddress.check(text);
    if (!/^[a-z][a-z0-9_]{1,20}(?:[:.][0-9]+)?$/i.test(scoped[2] as string)) return 'has no interface after the %';
    return plainAddress.check(scoped[1] as string);
  },
};

/** `host`, or a zone of the tz database. Only the shape is checked: the list of zones is the host's. */
export const timezone: ValueKind = anyOf(
  'host or a time zone such as Europe/Vienna',
  oneOf('host', 'UTC'),
  matching('a time zone such as Europe/Vienna', /^[A-Z][A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/),
);

/** A device node below /dev, without `.` and `..` on the way. */
export const devicePath: ValueKind = {
  describe: 'a device node such as /dev/dri/renderD128',
  check: text => {
    if (!text.startsWith('/dev/')) return 'is not below /dev/';
    return text.split('/').some(isDots) ? 'has . or .. in it' : undefined;
  },
};

/** A mount point: a path without `.` and `..` on the way. */
export const mountPath: ValueKind = {
  describe: 'a path without . and .. in it',
  check: text => {
    const steps = text.split('/');
    const bad = steps.some((step, at) => isDots(step) && (at > 0 || step === '..') && steps.length > 1);
    return bad ? 'has . or .. in it' : undefined;
  },
};

/** The name of a cluster node. */
export const nodeName: ValueKind = matching(
  'the name of a node: letters, digits and hyphens',
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  // A node's name is the host's short name; people write the full one.
  { mend: text => /^([a-zA-Z0-9-]+)\.[a-zA-Z0-9.-]+$/.exec(text)?.[1] },
);

/** The start of an absolute path; what follows a character that a property string cannot hold is not looked at. */
export const pathStart: ValueKind = matching('an absolute path without ; , = ( and )', /^\/[^;,=()]+/);

const isDots = (step: string): boolean => step === '.' || step === '..';
