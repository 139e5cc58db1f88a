import { config } from 'zod';

// The policy of the pages lets no text become script, and zod would try whether it may.
config({ jitless: true });
