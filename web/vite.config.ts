import { defineConfig } from 'vite';

export default defineConfig({
  // The Firebase SDK's Firestore is most of the page; it is loaded once and cached.
  build: { target: 'es2022', chunkSizeWarningLimit: 900 },
});
