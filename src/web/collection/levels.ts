import type { Level } from '../../core/policy/documents.ts';
import { TEXT } from '../text/english.ts';

/** Levels of evidence, the least first. Where they are defined is more than a browser needs. */
export const LEVELS = Object.keys(TEXT.asset.levels) as readonly Level[];
