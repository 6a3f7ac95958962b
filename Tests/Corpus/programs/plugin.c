int plugin_entry(int (*callback)(const char *, int), const char *text);
static int inside(int (*callback)(const char *, int), const char *text, int value) { return callback(text, value) + value; }
int plugin_entry(int (*callback)(const char *, int), const char *text) { return inside(callback, text, 11) + 1; }
