import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainText } from '../message/plain.ts';
import { loadDesk } from './load.ts';
