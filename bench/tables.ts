import { rewriteDocuments } from './report/documents.ts';

// node bench/tables.ts: makes all tables again from results/, without measuring.

rewriteDocuments();
