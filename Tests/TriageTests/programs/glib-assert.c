// build: gcc -g -O0
// class: assertion
// says: ERROR:list.c:42:push: assertion failed: (list != NULL)
/* What g_assertion_message() of GLib does: the text in a variable of that name, then abort(). */
#include <stdlib.h>
char *__glib_assert_msg;
static void g_assertion_message(char *text) { __glib_assert_msg = text; abort(); }
int main(void) { g_assertion_message("ERROR:list.c:42:push: assertion failed: (list != NULL)"); return 0; }
