// Where this program links, every header of nacre was compiled alone, and none defines anything twice.
int main() {}
