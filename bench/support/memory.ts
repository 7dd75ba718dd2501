import { readFileSync } from 'node:fs';

const kibibytes = (pid: number, key: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN);

/** Resident memory of a process now, bytes (Linux). */
export const residentBytes = (pid: number): number => kibibytes(pid, 'VmRSS') * 1024;

/** The most it has ever had. */
export const peakResidentBytes = (pid: number): number => kibibytes(pid, 'VmHWM') * 1024;
