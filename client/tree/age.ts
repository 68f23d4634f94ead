/** How long ago something was, as one says it: `just now`, `5 min ago`, `3 h ago`, `12 days ago`, else the day. */
export function age(iso: string, now: number = Date.now()): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 2) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 60 * 24 * 60) return `${Math.floor(minutes / (24 * 60))} days ago`;
  return iso.slice(0, 10);
}
