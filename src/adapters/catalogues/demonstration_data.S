// The catalogues of the demonstration shops, as they lie in demo/, inside the program.
        .section .rodata
        .balign 16
        .global estante_goodbooks_begin
        .global estante_goodbooks_end
estante_goodbooks_begin:
        .incbin "goodbooks10k_books.csv.gz"
estante_goodbooks_end:
        .balign 16
        .global estante_gutenberg_es_begin
        .global estante_gutenberg_es_end
estante_gutenberg_es_begin:
        .incbin "gutenberg_es.csv.gz"
estante_gutenberg_es_end:
        .section .note.GNU-stack,"",%progbits
