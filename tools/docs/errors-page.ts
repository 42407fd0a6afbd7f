export const errorsPage = (): string => '# Errors';
